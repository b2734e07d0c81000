"""This module says in words what a piece of work is and what happened to it, and when."""

from typing import Any

from jobs.arguments import ArgumentsError, parameters
from jobs.work import Event, Piece, State

LONGEST_VALUE = 24  # characters of an argument in a list
PLAIN = {
    State.PENDING: "waiting",
    State.STARTED: "in hand",
    State.RETRY: "to be tried again",
    State.SUCCESS: "done",
    State.FAILURE: "failed",
    State.UNKNOWN: "unknown",
}


def duration(seconds: float) -> str:
    """Write a duration, as in «4 ms», «2.0 s» and «3 min»."""
    if (ms := round(seconds * 1000)) < 1000:
        return f"{ms} ms" if ms > 0 else "under 1 ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def plain(piece: Piece, now: float) -> str:
    """Say in a few words how far a piece is."""
    if is_for_later(piece, now):
        return f"begins in {duration(piece.work.due - now)}"
    return PLAIN[piece.state]


def is_for_later(piece: Piece, now: float) -> bool:
    return piece.state == State.PENDING and piece.work.due > now


def arguments(piece: Piece) -> dict[str, Any]:
    """Return its arguments; of a phone number only as much as tells it from others."""
    return piece.work.arguments | {name: _shorten(phone) for name, phone in _phones(piece).items()}


def call(piece: Piece) -> str:
    """Write a piece as one would call it, as in «wait(2)»."""
    given = arguments(piece).values()
    values = (f"{one:g}" if isinstance(one, float) else str(one) for one in given)
    short = (
        f"{one[:LONGEST_VALUE]}…" if len(one) > LONGEST_VALUE else one
        for one in (" ".join(value.split()) for value in values)
    )
    return f"{piece.work.task}({', '.join(short)})"


def outcome(piece: Piece) -> Any:
    """Return the outcome of a piece that is done, without any phone number; None before."""
    found = piece.last.outcome
    if isinstance(found, dict):
        return {name: _hide(piece, one) for name, one in found.items()}
    return _hide(piece, found)


def result(piece: Piece) -> str:
    """Return what a piece came to as text: the outcome, or why there is none; «» before its end."""
    if not piece.state.is_final:
        return ""
    found = outcome(piece)
    if isinstance(found, dict):
        return ", ".join(f"{name} {one}" for name, one in found.items())
    return why(piece, piece.last) or str(found or "")


def why(piece: Piece, event: Event) -> str:
    """Return the reason that an event gives, without any phone number."""
    return str(_hide(piece, event.why))


def after(piece: Piece, event: Event) -> float:
    """Return how many seconds after it was asked for something happened to a piece."""
    return max(0.0, event.at - piece.work.asked)


def waited(piece: Piece) -> float | None:
    """Return how many seconds whoever asked has waited for an answer; None where there was none."""
    return max(0.0, piece.answered - piece.work.asked) if piece.answered else None


def tries(piece: Piece) -> int:
    """Return how often somebody has begun with a piece."""
    return sum(event.state == State.STARTED for event in piece.events)


def begun_twice(piece: Piece) -> tuple[Event, Event] | None:
    """Return the two beginnings of a piece that began again, although no try of it had failed."""
    for event, following in zip(piece.events, piece.events[1:], strict=False):
        if event.state == following.state == State.STARTED:
            return event, following
    return None


def sentence(piece: Piece, now: float) -> str:
    """Tell all that happened to a piece in one sentence."""
    parts = ["asked 0.0 s"]
    if piece.work.due:
        parts[0] += f", for {duration(piece.work.due - piece.work.asked)} later"
    parts += [_say(piece, event) for event in piece.events]
    if not piece.state.is_final:
        since = "" if is_for_later(piece, now) else f" for {duration(now - piece.last.at)}"
        parts.append(f"{plain(piece, now)}{since}")
    return f"{'; '.join(parts)}."


def _say(piece: Piece, event: Event) -> str:
    when = f"after {duration(after(piece, event))}"
    by = f" by {event.worker}" if event.worker else ""
    reason = why(piece, event).rstrip(".")
    match event.state:
        case State.STARTED:
            return f"begun {when}{by}"
        case State.UNKNOWN:
            return f"unknown: {reason}"
        case State.RETRY:
            return f"failed {when}, to be tried again: {reason}"
    ends = f": {result(piece).rstrip('.')}" if result(piece) else ""
    return f"{PLAIN[event.state]} {when}{ends}"


def _phones(piece: Piece) -> dict[str, str]:
    """Return those of its arguments that are phone numbers."""
    try:
        known = parameters(piece.work.task)
    except ArgumentsError:  # a task of former times
        return {}
    names = [one.name for one in known if one.attributes.get("type") == "tel"]
    return {name: str(piece.work.arguments[name]) for name in names if name in piece.work.arguments}


def _hide(piece: Piece, value: Any) -> Any:
    """Return a value of JSON in which, where it is text, phone numbers are shortened."""
    for phone in _phones(piece).values():
        value = value.replace(phone, _shorten(phone)) if isinstance(value, str) else value
    return value


def _shorten(phone: str) -> str:
    return f"{phone[:4]}…{phone[-2:]}"
