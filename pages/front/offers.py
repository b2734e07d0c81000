"""Which experiments a page offers, with commands for its processes and cells that prove them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from pages.compare.results import REFERENCE, UnreadableError, read_run
from pages.front.declared import START, Experiment
from pages.front.experiments import EXPERIMENTS
from patterns import PATTERNS
from patterns.declaration.pattern import Pattern


@dataclass(frozen=True)
class Offered:
    """An experiment in the columns of a page."""

    experiment: Experiment
    columns: list[Pattern]  # that it makes sense for
    cells: dict[str, str]  # by pattern: the address of what the lab has measured, where it has


def offered(columns: Sequence[str]) -> list[Offered]:
    """Return the experiments that make sense for at least one of these patterns."""
    found = []
    for one in EXPERIMENTS:
        fitting = [PATTERNS[name] for name in columns if one.fits(PATTERNS[name])]
        cells = {name: cell_of(one.scenario, name) for name in columns}
        if fitting:
            found.append(Offered(one, fitting, {name: url for name, url in cells.items() if url}))
    return found


def cell_of(scenario: str, pattern: str) -> str:
    """Return the address of a measured cell; empty where there is none."""
    try:
        measured = read_run(REFERENCE).cell(scenario, pattern)
    except UnreadableError:
        return ""
    return url_for("cell", scenario=scenario, pattern=pattern) if measured else ""


def typed(template: str, patterns: Sequence[Pattern], status: Mapping[str, Any]) -> list[str]:
    """Return the commands of a step: one for each pattern to start listeners, one to end them.

    A command that ends listeners is empty as long as there are none.
    """
    if template.startswith(START):
        return [start(one) + template.removeprefix(START) for one in patterns]
    command, _, whom = template.partition(" {")
    if not whom:
        return [template]
    found = []
    for pattern in patterns:
        cards = status["patterns"][pattern.name]["listeners"]
        there = [one for one in cards if one["state"] != "gone"]
        chosen = [one for one in there if one["in_hand"]] if whom == "busy}" else there
        found += chosen if whom == "pids}" else chosen[:1]
    return [" ".join([command, *(str(one["pid"]) for one in found)]) if found else ""]


def start(pattern: Pattern) -> str:
    """Return the command that starts a listener, which finds what waited for it by its name."""
    name = " --name mine" if pattern.everyone_hears and pattern.keeps else ""
    return f".venv/bin/python listeners/{pattern.script}.py{name}"
