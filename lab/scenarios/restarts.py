"""Redis itself dies and comes back, with what it kept."""

import time
from dataclasses import replace

from lab.run import Run
from lab.scenarios.scenario import after_fault, names
from lab.verdict import Allowed

ALL = 10**9  # messages, or more
AWAY = 1.0  # second between its death and its return


def restart(run: Run, *options: str) -> Allowed:
    """With a backlog: two listeners that take 10 ms a message, where 250 are sent each second."""
    run.serve(*options)
    listeners = names(2)
    run.listen(*listeners, work=0.01)
    run.probe()
    run.send(400, 250, wait=False)
    run.wait_for_lines(40, listeners[0])
    run.goes_away()
    run.kill_redis()
    time.sleep(AWAY)  # that is what is done to it
    run.start_redis(*options)
    run.wait_until_sent()
    run.send(50, 100)
    run.probe(again=True)
    run.send(20, 100)
    run.drain(20)
    hands = len(listeners)
    allowed = after_fault(run, hands, "in hand", again=2 * hands, absence="while Redis was away")
    if run.pattern.keeps and "yes" not in options:
        return replace(allowed, lost=ALL, why="with Redis")
    return allowed


def restart_none(run: Run) -> Allowed:
    """Redis is killed and started again, and keeps nothing on disk: what is lost?

    Two listeners of 10 ms a message, 250 messages/s, so that some wait; Redis is away for a second.
    What is sent then is refused, which is no loss.
    """
    return restart(run)


def restart_everysec(run: Run) -> Allowed:
    """The same with an append-only file that is synced every second: what is lost?

    The process is killed, not the machine: what was written and not yet synced survives that.
    """
    return restart(run, "--appendonly", "yes", "--appendfsync", "everysec")


def restart_always(run: Run) -> Allowed:
    """The same with an append-only file that is synced at each write: what is lost?

    The process is killed, not the machine, as before.
    """
    return restart(run, "--appendonly", "yes", "--appendfsync", "always")
