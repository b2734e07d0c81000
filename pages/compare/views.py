"""The routes of /compare show a table of pattern by scenario, and a page for each cell of it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import abort, render_template, request, url_for

from pages.compare.choosing import QUESTIONS, choose
from pages.compare.cost import COLUMNS, MEASURE, costs
from pages.compare.measures import charts, table
from pages.compare.results import CLIENTS, OWN, REFERENCE, Cell, Run, UnreadableError, read_run
from pages.front.columns import pair_of
from patterns import COMPARED

GROUPS = {
    "Listeners come and go": ("steady", "nobody", "late", "killed", "deploy"),
    "A listener does not keep up": ("slow", "stuck", "frozen"),
    "Redis restarts": ("restart-none", "restart-everysec", "restart-always"),
    "The connection breaks": ("cut", "lost-push", "lost-pop", "lost-ack", "half-open"),
    "Order, bursts and poison": ("order-one", "order-three", "burst", "poison"),
}

# How a run was made, in words; what a run does not have is left out.
MADE = {
    "system": "{}",
    "cpu": "{}",
    "cores": "{} cores",
    "memory_mib": "{:,} MiB",
    "python": "Python {}",
    "redis": "{product} {}",
    "redis_py": "redis-py {}",
    "seed": "seed {}",
    "repeat": "each cell {} times",
    "listener": "your listener: {}",
    "url": "on the Redis at {}",
    "rate": "steady: {:,.0f} messages/s",
    "kills": "{} kills",
    "through_web": "sent over HTTP",
    "quick": "a quick run: fewer messages",
}


def matrix() -> str:
    """Show all cells of a run, and the six questions with the pattern for their answers."""
    run, why = _read()
    answers = {
        question.name: request.args[question.name]
        for question in QUESTIONS
        if request.args.get(question.name) in ("yes", "no")
    }
    return render_template(
        "compare/matrix.html",
        run=run,
        why=why,
        groups=_groups(run) if run else {},
        columns={name: pair_of(pattern.script) for name, pattern in COMPARED.items()},
        made=_made(run.made) if run else [],
        costs=costs(run) if run else [],
        priced=COLUMNS,
        costs_beside=COMPARED[MEASURE].words.title.lower(),
        questions=QUESTIONS,
        answers=answers,
        choice=choose(answers) if len(answers) == len(QUESTIONS) else None,
        has_own=OWN.exists(),
        **_same_run(),
    )


def cell(scenario: str, pattern: str) -> str:
    """Show the figures and charts of one cell, for both clients where both were measured."""
    run, why = _read()
    if not run:
        abort(404, f"No measurements: {why} ./scripts/compare measures them on this machine.")
    if scenario not in run.scenarios or pattern not in run.patterns:
        abort(404, "The lab knows no such scenario, or no such pattern.")
    client = request.args.get("client", CLIENTS[0])
    first = run.cell(scenario, pattern, client)
    if not first:
        abort(404, "That was not measured in this run.")
    others = (run.cell(scenario, pattern, one) for one in CLIENTS if one != client)
    cells = [first, *(one for one in others if one)]
    return render_template(
        "compare/cell.html",
        run=run,
        scenario=run.scenarios[scenario],
        pattern=run.patterns[pattern],
        column=COMPARED[pattern].script if pattern in COMPARED else "",
        cells=cells,
        table=table(cells),
        charts=charts(cells),
        made=[_made(cell.made) for cell in cells],
        beside=_beside(run, first),
        **_same_run(),
    )


def cell_url(cell: Cell) -> str:
    """Return the address of a cell in the run that this page shows."""
    client = None if cell.client == CLIENTS[0] else cell.client
    query = _same_run()["same_run"]
    return url_for("cell", scenario=cell.scenario, pattern=cell.pattern, client=client, **query)


def _same_run() -> dict[str, Any]:
    """Return for the templates whether the reader's own run is shown, and the query for that."""
    is_own = request.args.get("run") == "own"
    return {"is_own": is_own, "same_run": {"run": "own"} if is_own else {}}


def _read() -> tuple[Run | None, str]:
    """Return the run that is asked for and an empty reason, or None and the reason."""
    try:
        return read_run(OWN if _same_run()["is_own"] else REFERENCE), ""
    except UnreadableError as error:
        return None, str(error)


def _groups(run: Run) -> dict[str, list[str]]:
    """Return the names of the run's scenarios by group; «More» has those without a group."""
    grouped = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, "More": tuple(name for name in run.scenarios if name not in grouped)}
    found = {t: [name for name in run.scenarios if name in names] for t, names in groups.items()}
    return {title: names for title, names in found.items() if names}


def _beside(run: Run, cell: Cell) -> list[Cell]:
    """Return the pattern's cells in the scenarios before and after this one."""
    row = [one for s in run.scenarios if (one := run.nearest(s, cell.pattern, cell.client))]
    at = row.index(cell)
    return [*row[max(at - 1, 0) : at], *row[at + 1 : at + 2]]


def _made(made: Mapping[str, Any]) -> list[str]:
    """Return when, on which machine and with which options a run was made, each in words."""
    parts = []
    with suppress(ValueError):
        day = datetime.fromisoformat(str(made.get("date"))).astimezone(UTC)
        parts.append(f"{day:%Y-%m-%d %H:%M} UTC")
    given = [name for name in MADE if str(made.get(name, "")) not in ("", "None", "False")]
    product = made.get("product") or "Redis"  # older runs do not say it
    parts += [MADE[name].format(made[name], product=product) for name in given]
    return [part.replace("each cell 1 times", "each cell once") for part in parts]
