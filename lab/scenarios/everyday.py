"""Listeners that come, go, are slow or stuck; the order of a backlog; many messages at once."""

import signal
import time
from functools import partial

from lab.run import Run
from lab.scenarios.scenario import names, scenario

BIG = "x" * 20_000  # a body that soon fills what Redis keeps for a subscriber
CUT_OFF = ("--client-output-buffer-limit", "pubsub", "1mb", "0", "0")


@scenario("1", "Steady", alone=True, answer=("delay_p50_ms", "delay {} ms", 1))
def steady(run: Run) -> None:
    """Three listeners, a fixed rate: does each message arrive, once, in order, and how soon?

    200 messages/s for five seconds, or at the rate that was asked for.
    """
    run.begin(*names(3))
    rate = run.settings.rate or 200
    run.producer.send(int(rate * (1.5 if run.settings.quick else 5)), rate)


@scenario("2", "Nobody there", in_readme=True)
def nobody(run: Run) -> None:
    """Nobody is there: what becomes of what is sent before any listener starts?

    Three listeners were there once and stopped; 300 messages are sent, then they start again.
    """
    send_to_nobody(run, 300, *names(3))


def send_to_nobody(run: Run, count: int, *listeners: str) -> float:
    """Stop these listeners, send, and start them again; return when they had stopped."""
    run.begin(*listeners)
    with run.away(*listeners):
        since = time.time()
        run.producer.send(count, 1000)
        run.notes.backlog_until = time.time()
    return since


@scenario("3", "Late")
def late(run: Run) -> None:
    """A listener joins in the middle: what does it get of what was sent before and after?

    One listener is there; half-way through 400 messages at 200/s a second one comes. It is owed
    what is sent from then on.
    """
    run.begin("listener-1")
    run.producer.send(200, 200)
    run.producer.send(200, 200, wait=False)
    run.consumers.listen("late")
    run.producer.send(10, 50)


@scenario("5", "Deploy")
def deploy(run: Run) -> None:
    """Every listener is restarted in turn with SIGTERM under load: is anything lost or repeated?

    Three listeners, 200 messages/s; each is stopped as a deployment would and started again.
    """
    run.begin(*names(3))
    for name in names(3):
        run.producer.send(200, 200, wait=False)
        with run.away(name):
            pass
        run.producer.wait(1)


@scenario("6", "Slow", alone=True, answer=("delay_max_ms", "delay at most {} ms", 1), deadline=40)
def slow(run: Run) -> None:
    """One of three listeners takes 50 ms a message: who waits for it?

    100 messages/s for four seconds, more than the slow one bears alone.
    """
    run.consumers.listen("slow", work=0.05)
    run.begin(*names(2))
    run.producer.send(200 if run.settings.quick else 400, 100)


# Only where Redis pushes messages to listeners can one of them be too slow for it.
@scenario("6", "Stuck", fits=lambda one: not one.keeps, redis_options=CUT_OFF, harmless=False)
def stuck(run: Run) -> None:
    """A subscriber stops reading until Redis cuts it off: what does it miss, and who else?

    Redis keeps at most 1 MB for a subscriber here (32 MB unless told otherwise); one of three
    listeners is stopped (SIGSTOP), large messages are sent until Redis hangs up, then it goes on.
    """
    run.begin(*names(3))
    stuck = run.consumers.by_name["listener-1"]
    there, sent = run.server.subscribers(), 0
    with run.fault("listener-1", absence="while cut off"):
        stuck.gets(signal.SIGSTOP)
        run.must(stuck.is_frozen, "The listener did not freeze.")
        while run.server.subscribers() == there and sent < 3000:
            run.producer.send(50, body=BIG)
            sent += 50
        run.must(lambda: run.server.subscribers() != there, "Redis did not cut it off.", 0)
        stuck.gets(signal.SIGCONT)
    run.producer.send(50, 100)


order = partial(scenario, "12", fits=lambda one: one.keeps)


@order("Order, one listener", in_readme=True)
def order_one(run: Run) -> None:
    """A backlog of 100: in which order does it come out, with one listener?

    The listener is stopped while they are sent, and started again.
    """
    run.notes.backlog_since = send_to_nobody(run, 100, *names(1))


@order("Order, three listeners", is_quick=False)
def order_three(run: Run) -> None:
    """A backlog of 100: in which order does it come out, with three listeners?

    They are stopped while the messages are sent, and started one after the other.
    """
    run.notes.backlog_since = send_to_nobody(run, 100, *names(3))


@scenario("13", "Burst", alone=True, answer=("delay_max_ms", "drained in {} s", 1000), deadline=90)
def burst(run: Run) -> None:
    """Many messages at once: how long until three listeners have drained them?

    100,000, in writes of 1,000; with --quick 5,000, on a Redis of others 10,000.
    """
    run.begin(*names(3))
    count = 5_000 if run.settings.quick else 10_000 if run.settings.url else 100_000
    run.producer.send(count)
