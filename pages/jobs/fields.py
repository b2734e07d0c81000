"""This module reads what a request asks to have done: ours of the fields, and the task's own."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, request

from jobs.asking import LATEST_DUE
from jobs.kinds import Within

MOST = 10  # pieces of one request
COUNT, DELAY = Within(1, MOST, is_whole=True), Within(0, LATEST_DUE)


@dataclass(frozen=True)
class Fields:
    """How many pieces, after how many seconds, and with which arguments of the task."""

    count: int
    delay: float
    arguments: dict[str, Any]


def read_fields() -> Fields:
    """Return the fields of a form or of JSON; abort with 400 or 415."""
    given = _read_json() if request.is_json else _read_form()
    ours = {name: request.args[name] for name in ("count", "in") if name in request.args}
    ours |= {name: given.pop(name) for name in ("count", "in") if name in given}
    delay = ours.get("in") or 0  # a form sends a field that is left empty
    return Fields(
        int(_within("count", ours.get("count", 1), COUNT)), _within("in", delay, DELAY), given
    )


def _within(name: str, value: object, kind: Within) -> float:
    try:
        return kind.read(value)
    except ValueError:
        abort(400, f"{name}: {kind.words()}.")


def _read_json() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        abort(400, 'JSON has the arguments by their names, as in {"seconds": 2}.')
    return given


def _read_form() -> dict[str, Any]:
    if request.get_data() and request.mimetype != "application/x-www-form-urlencoded":
        abort(415, "Arguments come as application/json or application/x-www-form-urlencoded.")
    fields: dict[str, Any] = {}
    try:
        pairs = parse_qsl(request.get_data().decode(), True, errors="strict")
    except ValueError:
        abort(400, "The form is not UTF-8.")
    for name, value in pairs:
        if name in fields:
            abort(400, f"{name} is given twice.")
        fields[name] = value
    return fields
