"""Listeners that run all the time, start after the messages, or join in the middle."""

from lab.run import Run
from lab.scenarios.scenario import in_peace, names
from lab.verdict import Allowed


def steady(run: Run) -> Allowed:
    """Three listeners, a fixed rate: does each message arrive, once, in order, and how soon?

    200 messages/s for five seconds, or at the rate that was asked for.
    """
    run.begin(names(3))
    rate = run.settings.rate or 200
    run.send(int(rate * (1.5 if run.settings.quick else 5)), rate)
    run.drain()
    return in_peace(run)


def nobody(run: Run) -> Allowed:
    """Nobody is there: what becomes of what is sent before any listener starts?

    Three listeners were there once and stopped; 300 messages are sent, then they start again.
    """
    run.begin(names(3))
    run.stop(*names(3))
    run.send(300, 1000)
    run.listen(*names(3))
    run.drain()
    return in_peace(run)


def late(run: Run) -> Allowed:
    """A listener joins in the middle: what does it get of what was sent before and after?

    One listener is there; half-way through 400 messages at 200/s a second one comes. It is owed
    what is sent from then on.
    """
    run.serve()
    run.listen("listener-1")
    run.probe()
    run.send(200, 200)
    run.send(200, 200, wait=False)
    run.listen("late")
    run.wait_until_sent()
    run.send(10, 50)
    run.drain()
    return in_peace(run)
