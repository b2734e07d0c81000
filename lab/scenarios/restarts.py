"""Redis is killed, and starts again with the data that it kept."""

import time
from dataclasses import replace

from lab.run import Run
from lab.scenarios.scenario import after_fault, names
from lab.verdict import Allowed

ALL = 10**9  # messages: no limit
AWAY = 1.0  # seconds between kill and start


def restart(run: Run, *options: str) -> Allowed:
    """Restart Redis under a backlog: two listeners bear 200 messages/s, and 250 are sent."""
    listeners = names(2)
    run.begin(listeners, *options, work=0.01)
    run.send(400, 250, wait=False)
    run.wait_for_lines(40, listeners[0])
    run.note_absence()
    run.kill_redis()
    time.sleep(AWAY)  # the fault itself
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
