"""This module says which figures stand under a pattern's track, and what each of them counts."""

from dataclasses import dataclass

from patterns.declaration.pattern import Pattern


@dataclass(frozen=True)
class Row:
    """One or two figures under one title."""

    title: str
    names: tuple[str, ...]  # of Figures in pages/live/wire.py
    meaning: str  # sentences
    is_wide: bool = False  # whether it takes two places


SENT = Row("sent", ("sent",), "Messages that the web sent since the last reset, as all counts.")
RECEIVED = Row("received", ("received",), "Messages that listeners have handled.")
BY_EACH = Row(
    "received",
    ("received",),
    "Messages that listeners have handled: one that two of them heard counts twice.",
)
WAITING = Row("waiting", ("waiting",), "Messages in Redis that no listener has taken.")
OLDEST = Row("oldest waits, s", ("oldest_s",), "How long the oldest of these has waited, seconds.")
UNHEARD = Row(
    "heard by nobody", ("unheard",), "Sent while no listener was there: gone for everybody."
)
DELIVERIES = Row(
    "sent × listeners",
    ("deliveries",),
    "To how many listeners Redis sent each message, added up. If nothing goes wrong, as many are "
    "received.",
)
IN_HAND = Row(
    "in hand or lost",
    ("unreceived",),
    "Taken by a listener and not handled: it works on it, or died with it.",
)
MISSED = Row(
    "missed",
    ("missed",),
    "A listener saw a gap in the numbers: messages were sent and never reached it.",
)
UNRECEIVED = Row(
    "missed / not received",
    ("missed", "unreceived"),
    f"{MISSED.meaning} Not received: sent to a listener, but unread in its connection, or lost "
    "with it.",
)
REPEATED = Row(
    "handed over again / dead",
    ("redelivered", "dead"),
    "Handed over again: its listener fell silent, so another one took it over. Dead: put aside "
    "among the dead letters, because three listeners fell silent with it.",
)
LISTENERS = Row("listeners", ("there",), "Those that are there now.")
DELAY = Row(
    "delay, last minute: half / 99 % in, ms",
    ("delay_p50_ms", "delay_p99_ms"),
    "From sending to receiving: half of what was received in the last minute took at most the "
    "first time (the median, p50), 99 of 100 messages at most the second (p99), in milliseconds. "
    "On a card: the same for one listener.",
    is_wide=True,
)


def rows(pattern: Pattern) -> list[Row]:
    """Return the rows of a pattern, in their order."""
    if pattern.keeps:
        first = [SENT, WAITING, OLDEST, BY_EACH if pattern.everyone_hears else RECEIVED]
    else:
        first = [SENT, UNHEARD, DELIVERIES, BY_EACH]
    if pattern.redelivers:
        trouble = REPEATED
    elif pattern.keeps:
        trouble = MISSED if pattern.follows_gaps else IN_HAND
    else:
        trouble = UNRECEIVED
    return [*first, LISTENERS, trouble, DELAY]
