"""This module has the commands that the page offers; they end processes by the ids on cards."""

import shlex
from collections.abc import Sequence

from jobs.arguments import parameters
from jobs.commands import WORKERS
from pages.jobs.cards import Card, cards
from pages.jobs.looks import Look

PYTHON = ".venv/bin/python"


def one_more(way: str) -> str:
    """Return the command of one more worker; empty where the web itself works."""
    (_, *rest), *_ = WORKERS.get(way) or [[""]]
    return " ".join([PYTHON, *rest]) if rest else ""


def commands(looks: Sequence[Look]) -> dict[str, list[str]]:
    """Return for each experiment what one types."""
    web = [one for look in looks if not look.way.is_kept for one in cards(look)]
    workers = [one for look in looks if look.way.is_kept for one in cards(look)]
    return {"restart": [_kill(web)], "kill": [_kill(workers)], "compute": []}


def by_curl(host: str, way: str, task: str) -> str:
    """Return how a program asks for a task with the values that the form begins with."""
    fields = ""
    for one in parameters(task):
        given = f"{one.default:g}" if isinstance(one.default, int | float) else one.default or ""
        option = "-d" if given.isalnum() else "--data-urlencode"
        fields += f"{option} {shlex.quote(f'{one.name}={given}')} "
    return f"curl {fields}http://{host}/jobs/{way}/{task}"


def _kill(found: Sequence[Card]) -> str:
    """Kill exactly one process: one that works, or else any whose id is known."""
    ids = [one.pid for one in found if one.pid and one.state != "gone"]
    return f"kill -9 {ids[0] if ids else 'PID'}"
