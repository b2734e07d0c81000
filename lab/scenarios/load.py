"""Slow and stuck listeners, the order of a backlog, and a burst."""

import signal
import time

from lab.run import Run
from lab.scenarios.scenario import names, scenario
from patterns.declaration.pattern import Pattern
from starting.waiting import wait_until

BIG = "x" * 20_000  # a body that soon fills what Redis keeps for a subscriber
CUT_OFF = ("--client-output-buffer-limit", "pubsub", "1mb", "0", "0")


@scenario("6", "Slow", alone=True, answer=("delay_max_ms", "delay at most {} ms", 1))
def slow(run: Run) -> None:
    """One of three listeners takes 50 ms a message: who waits for it?

    100 messages/s for four seconds, more than the slow one bears alone.
    """
    run.consumers.start("slow", work=0.05)
    run.begin(*names(2))
    run.producer.send(200 if run.settings.quick else 400, 100)
    run.drain(40)


def keeps(pattern: Pattern) -> bool:
    return pattern.keeps


def is_pushed(pattern: Pattern) -> bool:
    """Whether Redis pushes messages to listeners, which then can be too slow for it."""
    return not pattern.keeps


@scenario("6", "Stuck", fits=is_pushed, redis_options=CUT_OFF, harmless=False)
def stuck(run: Run) -> None:
    """A subscriber stops reading until Redis cuts it off: what does it miss, and who else?

    Redis keeps at most 1 MB for a subscriber here (32 MB unless told otherwise); one of three
    listeners is stopped (SIGSTOP), large messages are sent until Redis hangs up, then it goes on.
    """
    run.begin(*names(3))
    stuck = run.consumers.by_name["listener-1"]
    stuck.gets(signal.SIGSTOP)
    run.fault("listener-1", absence="while cut off")
    there = subscribers(run)
    sent = 0
    while subscribers(run) == there and sent < 3000:
        run.producer.send(50, body=BIG)
        sent += 50
    stuck.gets(signal.SIGCONT)
    if not wait_until(lambda: subscribers(run) == there, 10):
        run.notes.breaches.append("The listener did not come back.")
    run.producer.send(50, 100)
    run.drain()


def subscribers(run: Run) -> int:
    """How many clients are subscribed to the channel."""
    return int(run.server.redis.pubsub_numsub(run.pattern.place)[0][1])


@scenario("12", "Order, one listener", fits=keeps, in_readme=True)
def order_one(run: Run) -> None:
    """A backlog of 100: in which order does it come out, with one listener?

    The listener is stopped while they are sent, and started again.
    """
    drain_backlog(run, *names(1))


@scenario("12", "Order, three listeners", fits=keeps, is_quick=False)
def order_three(run: Run) -> None:
    """A backlog of 100: in which order does it come out, with three listeners?

    They are stopped while the messages are sent, and started one after the other.
    """
    drain_backlog(run, *names(3))


def drain_backlog(run: Run, *listeners: str) -> None:
    """Stop these listeners, let a backlog form, and start them again."""
    run.begin(*listeners)
    run.stop(*listeners)
    run.notes.backlog_since = time.time()
    run.producer.send(100, 1000)
    run.consumers.listen(*listeners)
    run.drain()


@scenario("13", "Burst", alone=True, answer=("delay_max_ms", "drained in {} s", 1000))
def burst(run: Run) -> None:
    """Many messages at once: how long until three listeners have drained them?

    100,000, in writes of 1,000; with --quick 5,000, on a Redis of others 10,000.
    """
    run.begin(*names(3))
    count = 5_000 if run.settings.quick else 10_000 if run.settings.url else 100_000
    run.producer.send(count)
    run.drain(90)
