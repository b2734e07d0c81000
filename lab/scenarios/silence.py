"""A line that goes silent without being closed."""

import time

from lab.run import Run
from lab.scenarios.scenario import Scenario, after_fault, on_wire
from lab.verdict import Allowed
from starting.waiting import wait_until

NOTICED_WITHIN = 12.0  # seconds; who has not by then is said not to have


def half_open(run: Run) -> Allowed:
    """A line goes silent without being closed: how long until each end notices?

    First the listener’s, then the sender’s, each behind a proxy that stops forwarding; new
    connections work. Who has not noticed within twelve seconds is said never to.
    """
    run.serve()
    commands = run.pattern.commands
    ways_in, ways_out = run.proxy(on_wire(commands.send)), run.proxy(on_wire(commands.take))
    run.producer(ways_in)
    run.listen("listener-1", proxy=ways_out)
    run.probe()
    run.send(20, 100)
    ways_out.go_silent()
    silent = time.time()
    run.goes_away()
    run.send(20, 100)
    wait_until(lambda: ways_out.noticed is not None, NOTICED_WITHIN)
    note(run, "noticed_listener_s", ways_out.noticed, silent)
    run.probe(again=True)
    ways_in.go_silent()
    silent = time.time()
    run.send(5, 100, wait=False)
    wait_until(lambda: ways_in.noticed is not None, NOTICED_WITHIN)
    note(run, "noticed_sender_s", ways_in.noticed, silent)
    run.wait_until_sent()
    run.send(20, 100)
    run.drain()
    return after_fault(run, in_hand=1, why="on the silent line", again=2, absence="while cut off")


def note(run: Run, name: str, noticed: float | None, silent: float) -> None:
    """When an end noticed, if it did, since the line went silent."""
    if noticed is not None:
        run.facts[name] = round(noticed - silent, 2)
    who = "listener" if "listener" in name else "sender"
    seconds = f"after {noticed - silent:.1f} s" if noticed is not None else "never"
    run.words += f"{', ' if run.words else ''}{who} noticed {seconds}"


SCENARIOS = (
    Scenario(
        "half-open", "11", "Half open", half_open, client_matters=True, harmless=False, budget=70
    ),
)
