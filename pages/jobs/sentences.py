"""This module says in one sentence what became of all that was asked of a way lately."""

from collections.abc import Sequence

from jobs.work import Piece, State
from pages.jobs.figures import count
from pages.jobs.history import PLAIN, duration, is_for_later, waited
from pages.words import number

LATELY = 60.0  # seconds before the newest was asked for
# In this order they are counted.
STATES = (
    *(State.SUCCESS, State.STARTED, State.PENDING),
    *(State.RETRY, State.FAILURE, State.UNKNOWN),
)


def asked_lately(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the newest piece, and those asked for within a minute before it."""
    newest = max((one.work.asked for one in pieces), default=0.0)
    return [one for one in pieces if one.work.asked >= newest - LATELY]


def said_of(pieces: Sequence[Piece], now: float) -> tuple[str, str]:
    """Return the head and the rest of a sentence about these pieces."""
    if not pieces:
        return "Nothing asked for yet:", "here one reads how long the person waits, and for what."
    parts = [_waited(pieces)]
    unanswered = sum(not one.answered and not one.state.is_final for one in pieces)
    if unanswered:
        parts.append(number(unanswered, "person waits", "persons wait"))
    later = sum(is_for_later(one, now) for one in pieces)
    counts = {PLAIN[state]: count(pieces, state) for state in STATES} | {"for later": later}
    counts[PLAIN[State.PENDING]] -= later
    parts += [f"{times:,} {words}" for words, times in counts.items() if times]
    return f"{len(pieces):,} asked:", f"{', '.join(filter(None, parts))}."


def _waited(pieces: Sequence[Piece]) -> str:
    """Say how long those waited who have their answers; the shortest and the longest wait."""
    waits = [one for one in map(waited, pieces) if one is not None]
    if not waits:
        return ""
    low, high = duration(min(waits)), duration(max(waits))
    who = "each waited " if len(waits) == len(pieces) > 1 else "waited "
    if low == high:
        return f"{who}{low}"
    same_unit = low.partition(" ")[2] == high.partition(" ")[2] and low[0].isdigit()
    return f"{who}{low.partition(' ')[0] if same_unit else low} to {high}"
