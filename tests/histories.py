"""Histories made by hand: what was sent, handed over and received, and what was done meanwhile.

By default message n is written at second n and acknowledged 0.1 s later. Listener «a», which asked
for it 0.4 s before, is handed it at n + 0.15, has it at n + 0.2, and its line is there at n + 0.3.
So at n + 0.25 it has message n in hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lab.history.records import (
    ACKNOWLEDGED,
    NEWEST_FIRST,
    UNKNOWN,
    Fault,
    Handed,
    History,
    Line,
    Notes,
    Presence,
    Promise,
    Received,
    Sent,
    Unnumbered,
    digest,
)
from lab.judging.fates import ALL

QUEUE = Promise(everyone_hears=False, keeps=True, redelivers=False, order=NEWEST_FIRST)
RELIABLE = Promise(everyone_hears=False, keeps=True, redelivers=True, tries=3)
CHANNEL = Promise(everyone_hears=True, keeps=False, redelivers=False)
LISTS = Promise(everyone_hears=True, keeps=True, redelivers=False)
EACH = Promise(everyone_hears=True, keeps=True, redelivers=True, tries=3)
PROMISES = {"queue": QUEUE, "reliable": RELIABLE, "channel": CHANNEL, "lists": LISTS, "each": EACH}

LAST = 9  # the number of messages, unless a test says otherwise


def ids(*numbers: int, sender: str = "web-1") -> list[str]:
    return [f"{sender}-{n}" for n in numbers]


def lost(where: str, *numbers: int, name: str = ALL) -> dict[tuple[str, str], str]:
    """The excuses for these messages."""
    return {(name, id_): where for id_ in ids(*numbers)}


def body(number: int, sender: str = "web-1") -> str:
    """The digest of a body that no other message has."""
    return digest(f"body of {sender}-{number}")


def sent(
    last: int = LAST, sender: str = "web-1", unknown: Sequence[int] = (), **fields: Any
) -> list[Sent]:
    """Messages 1 to `last`."""
    made = []
    for n in range(1, last + 1):
        outcome = UNKNOWN if n in unknown else ACKNOWLEDGED
        made.append(Sent(sender, n, body(n, sender), float(n), float(n), n + 0.1, outcome))
    return [one._replace(**fields) for one in made]


def unnumbered(outcome: str, *numbers: int, at: float = 1.0) -> Unnumbered:
    """A write of messages that would have had these numbers."""
    return Unnumbered(outcome, [body(n) for n in numbers], at, at + 0.1)


def log(*numbers: int, sender: str = "web-1", **fields: Any) -> list[Received]:
    """What a listener told of, in this order."""
    made = [Received(f"{sender}-{n}", body(n, sender), at=n + 0.2, read=n + 0.3) for n in numbers]
    return [one._replace(**fields) for one in made]


def upto(last: int = LAST, without: Sequence[int] = ()) -> list[Received]:
    """The log of one that received all of these, but not those."""
    return log(*(n for n in range(1, last + 1) if n not in without))


def handed(*numbers: int, to: str = "a", line: int = 1, **fields: Any) -> list[Handed]:
    """What the proxy of a listener saw handed over, one message for each request."""
    made = [Handed(to, line, n, f"web-1-{n}", n - 0.4, n + 0.15) for n in numbers]
    return [one._replace(**fields) for one in made]


def fault(at: float, until: float, *targets: str, **fields: Any) -> Fault:
    """Something that was done, to «a» unless others are named; they were not connected."""
    hits = {"is_away": True, "empties_hands": True}
    return Fault("killed", at, until, targets=targets or ("a",), **hits | fields)


def history(
    received: Mapping[str, Sequence[Received]] | Sequence[Received],
    *faults: Fault,
    promise: Promise = QUEUE,
    messages: Sequence[Sent] | None = None,
    unnumbered: Sequence[Unnumbered] = (),
    handed: Sequence[Handed] = (),
    lines: Sequence[Line] | None = None,
    since: Mapping[str, float] | None = None,
    work: float = 0.0,
    **notes: Any,
) -> History:
    """A run in which these logs were written; a single log is that of «a».

    Unless they are given, each connection is open all the time, and all are owed all messages.
    """
    logs = received if isinstance(received, Mapping) else {"a": received}
    messages = sent() if messages is None else messages
    if lines is None:
        lines = [Line(to, n, 0.0) for to, n in sorted({(one.to, one.line) for one in handed})]
    presences = {name: Presence((since or {}).get(name, 0.0), work) for name in logs}
    planned = len(messages) + sum(len(one.digests) for one in unnumbered)
    told = {"planned": planned, "listeners": presences, "faults": [*faults], **notes}
    in_time = sorted(handed, key=lambda one: one.at)
    return History(Notes(promise, **told), [*messages], logs, unnumbered, in_time, lines)


def probed(run: History) -> History:
    """The same run after one in which each listener received a probe, by second 0.5."""
    names = [*run.received]
    early: dict[str, Any] = {"meant": 0.0, "written": 0.0, "answered": 0.1, "phase": "probe"}
    probes = sent(len(names), "probe", **early)
    logs = {
        name: [*log(n, sender="probe", at=0.2, read=0.3), *run.received[name]]
        for n, name in enumerate(names, 1)
    }
    there = {name: replace(one, since=0.5) for name, one in run.notes.listeners.items()}
    notes = replace(run.notes, planned=run.notes.planned + len(probes), listeners=there)
    return replace(run, notes=notes, sent=[*probes, *run.sent], received=logs)
