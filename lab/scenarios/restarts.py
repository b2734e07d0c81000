"""Redis itself dies and comes back, with what it kept."""

import time

from lab.run import Run
from lab.scenarios.scenario import Scenario, names
from lab.verdict import Allowed

AWAY = 1.0  # second between its death and its return


def restart(run: Run, *options: str) -> Allowed:
    """With a backlog: one listener that takes 10 ms a message, where 200 are sent each second."""
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
    pattern, persists = run.pattern, "yes" in options
    lost = 10**9 if not persists else 0 if pattern.redelivers else len(listeners)
    return Allowed(
        lost=0 if not pattern.keeps else lost,
        why="with Redis" if not persists else "in hand",
        away={} if pattern.keeps else run.away,
        absence="while Redis was away",
        duplicated=2 * len(listeners) if pattern.redelivers else 0,
        backwards=pattern.stack or pattern.redelivers,
    )


def without_persistence(run: Run) -> Allowed:
    """Redis is killed and started again, and keeps nothing on disk: what is lost?

    Two listeners of 10 ms a message, 250 messages/s, so that some wait; Redis is away for a second.
    What is sent then is refused, which is no loss.
    """
    return restart(run)


def everysec(run: Run) -> Allowed:
    """The same with an append-only file that is synced every second: what is lost?

    The process is killed, not the machine: what was written and not yet synced survives that.
    """
    return restart(run, "--appendonly", "yes", "--appendfsync", "everysec")


def always(run: Run) -> Allowed:
    """The same with an append-only file that is synced at each write: what is lost?

    The process is killed, not the machine, as before.
    """
    return restart(run, "--appendonly", "yes", "--appendfsync", "always")


SCENARIOS = (
    Scenario(
        "restart-none", "8", "Redis restarted, nothing kept", without_persistence, harmless=False
    ),
    Scenario(
        "restart-everysec",
        "8",
        "Redis restarted, AOF everysec",
        everysec,
        is_quick=False,
        harmless=False,
    ),
    Scenario("restart-always", "8", "Redis restarted, AOF always", always, harmless=False),
)
