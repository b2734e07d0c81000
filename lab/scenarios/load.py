"""Slow and stuck listeners, the order of a backlog, and a burst."""

import signal
from collections.abc import Sequence
from itertools import chain, pairwise

from lab.accounting import Received
from lab.run import Run
from lab.scenarios.scenario import in_peace, names
from lab.verdict import Allowed
from starting.waiting import wait_until

BIG = 20_000  # bytes of a body that soon fills what Redis keeps for a subscriber
CUT_OFF = ("--client-output-buffer-limit", "pubsub", "1mb", "0", "0")


def slow(run: Run) -> Allowed:
    """One of three listeners takes 50 ms a message: who waits for it?

    100 messages/s for four seconds, more than the slow one bears alone.
    """
    run.serve()
    run.start("slow", work=0.05)
    run.listen(*names(2))
    run.wait_for("slow")
    run.probe()
    run.send(200 if run.settings.quick else 400, 100)
    run.drain(40)
    return in_peace(run)


def stuck(run: Run) -> Allowed:
    """A subscriber stops reading until Redis cuts it off: what does it miss, and who else?

    Redis keeps at most 1 MB for a subscriber here (32 MB unless told otherwise); one of three
    listeners is stopped (SIGSTOP), large messages are sent until Redis hangs up, then it goes on.
    """
    run.begin(names(3), *CUT_OFF)
    stuck = run.listeners["listener-1"]
    stuck.gets(signal.SIGSTOP)
    run.note_absence("listener-1")
    there = subscribers(run)
    sent = 0
    while subscribers(run) == there and sent < 3000:
        run.send(50, size=BIG)
        sent += 50
    stuck.gets(signal.SIGCONT)
    if not wait_until(lambda: subscribers(run) == there, 10):
        run.more.append("The listener did not come back.")
    run.send(50, 100)
    run.drain()
    return in_peace(run, "while cut off")


def subscribers(run: Run) -> int:
    """How many clients are subscribed to the channel."""
    return int(run.redis.pubsub_numsub(run.pattern.place)[0][1])


def in_order(run: Run, listeners: int) -> Allowed:
    run.begin(names(listeners))
    run.stop(*names(listeners))
    before = {name: len(run.log(name)) for name in names(listeners)}
    run.send(100, 1000)
    run.listen(*names(listeners))
    run.drain()
    received = {name: run.log(name)[count:] for name, count in before.items()}
    if not run.pattern.everyone_hears:  # they share one backlog
        received = {"all": sorted(chain(*received.values()), key=lambda one: one.at)}
    run.words = max((describe_order(log) for log in received.values()), key=len)
    expected = run.pattern.order.value
    if listeners == 1 and run.words != expected:
        run.more.append(f"A backlog came out {run.words}, and not {expected}.")
    return in_peace(run)


def describe_order(log: Sequence[Received]) -> str:
    """The order in which one sender's messages came, in words."""
    numbers = [int(str(one.id).rpartition("-")[2]) for one in log]
    falls = sum(after < before for before, after in pairwise(numbers))
    share = falls / max(1, len(numbers) - 1)
    order = "newest first" if share > 0.5 else "oldest first"
    if share in (0, 1):
        return order
    return f"about {order}" if abs(share - 0.5) > 0.2 else "in no order"


def order_one(run: Run) -> Allowed:
    """A backlog of 100: in which order does it come out, with one listener?

    The listener is stopped while they are sent, and started again.
    """
    return in_order(run, 1)


def order_three(run: Run) -> Allowed:
    """A backlog of 100: in which order does it come out, with three listeners?

    They are stopped while the messages are sent, and started one after the other.
    """
    return in_order(run, 3)


def burst(run: Run) -> Allowed:
    """Many messages at once: how long until three listeners have drained them?

    100,000, in writes of 1,000; with --quick 5,000, on a Redis of others 10,000.
    """
    run.begin(names(3))
    count = 5_000 if run.settings.quick else 10_000 if run.settings.url else 100_000
    run.send(count)
    run.drain(90)
    return in_peace(run)
