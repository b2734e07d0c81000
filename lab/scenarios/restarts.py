"""Redis is killed, and starts again with the data that it kept."""

import time
from functools import partial

from lab.run import Run
from lab.scenarios.scenario import names, scenario

DOWN = 1.0  # seconds between kill and start

restarts = partial(scenario, "8", harmless=False)


def restart(run: Run, forgotten: bool = False) -> None:
    """Restart Redis under a backlog: two listeners bear 200 messages/s, and 250 are sent."""
    listeners = names(2)
    run.begin(*listeners, work=0.01)
    run.send(400, 250, wait=False)
    run.consumers.wait_for_lines(40, listeners[0])
    absence = "while Redis was away"
    run.fault(*listeners, absence=absence, lost=2, repeated=4, forgotten=forgotten)
    run.server.kill()
    time.sleep(DOWN)  # the fault itself
    run.server.restart()
    run.send(50, 100)
    run.probe_again()
    run.send(20, 100)
    run.drain(20)


@restarts("Redis restarted, nothing kept", in_readme=True)
def restart_none(run: Run) -> None:
    """Redis is killed and started again, and keeps nothing on disk: what is lost?

    Two listeners of 10 ms a message, 250 messages/s, so that some wait; Redis is away for a second.
    What is sent then is refused, which is no loss.
    """
    restart(run, forgotten=True)


def on_disk(sync: str) -> tuple[str, ...]:
    return "--appendonly", "yes", "--appendfsync", sync


@restarts("Redis restarted, AOF everysec", redis_options=on_disk("everysec"), is_quick=False)
def restart_everysec(run: Run) -> None:
    """The same with an append-only file that is synced every second: what is lost?

    The process is killed, not the machine: what was written and not yet synced survives that.
    """
    restart(run)


@restarts("Redis restarted, AOF always", redis_options=on_disk("always"))
def restart_always(run: Run) -> None:
    """The same with an append-only file that is synced at each write: what is lost?

    The process is killed, not the machine, as before.
    """
    restart(run)
