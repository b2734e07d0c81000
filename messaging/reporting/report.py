"""A report: the line of JSON with all that a process has counted for one pattern."""

import json
import math
import os
import secrets
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import accumulate, count
from typing import Any, Literal, get_args

from messaging.message import LARGEST_SEQ, LATEST, Message

RECENT = 20  # newest messages in a report
WIDTH = 0.02  # a bucket is 2 % wide, so a quantile is right within 1 %
SHORTEST = 1e-6  # second; clocks of two machines can make a delay negative
BODY_SHOWN = 80  # characters of a body in a report
# The buckets of Delays, as JSON has them: from a microsecond to the age of the epoch.
BUCKETS = {str(bucket) for bucket in range(-691, 1270)}
LONGEST_REPORT = 128 * 1024  # bytes
AHEAD = 60.0  # seconds by which the clock of another host may be ahead of ours
LONGEST_NAME = 400  # bytes, also of a message's id
LONGEST_WHY = 200  # characters of a sentence, four bytes each at most

SenderCount = Literal["sent", "unknown", "deliveries", "unheard"]
ListenerCount = Literal[
    "received", "elsewhere", "malformed", "missed", "redelivered", "dead", "earlier"
]
Count = SenderCount | ListenerCount
LISTENER_COUNTS: tuple[ListenerCount, ...] = get_args(ListenerCount)
COUNTS: tuple[Count, ...] = (*get_args(SenderCount), *LISTENER_COUNTS)


class Delays:
    """A histogram whose size does not grow with the number of delays."""

    def __init__(self) -> None:
        self.buckets: Counter[int] = Counter()  # how many, by round(log(seconds) / WIDTH)

    def add(self, seconds: float) -> None:
        self.buckets[round(math.log(max(seconds, SHORTEST)) / WIDTH)] += 1

    def quantile(self, share: float) -> float | None:
        """Return the seconds that this share (0 to 1) did not exceed; None without delays."""
        ordered, rank = sorted((+self.buckets).items()), share * self.buckets.total()
        up_to = accumulate(n for _, n in ordered)
        found = (bucket for (bucket, _), n in zip(ordered, up_to, strict=True) if n >= rank)
        return next((math.exp(bucket * WIDTH) for bucket in found), None)


@dataclass(frozen=True)
class Report:
    """What one process has counted for one pattern since a reset, and its newest messages.

    Each report has all counts, so a later report replaces an earlier one, even a lost one. Only of
    the delays, of which there may be hundreds, a published report has those that have changed.
    """

    id: str  # of the process and pattern
    n: int  # 1, 2, 3 … per id
    at: float  # seconds since the epoch
    pattern: str
    role: str  # «web», which sends, or «listener»
    name: str
    host: str
    pid: int
    left: bool = False  # it was asked to stop and has stopped
    reset_at: int = 0  # ms since the epoch: the reset since which it counts; 0: none
    counts: dict[Count, int] = field(default_factory=dict)
    delays: dict[str, int] = field(default_factory=dict)  # the buckets of Delays
    refused: str = ""  # why Redis refuses what it asks, if it does
    last: str | None = None  # the body of the last message
    in_hand: list[Any] | None = None  # id and body of the message in work
    recent: list[list[Any]] = field(default_factory=list)  # id, body, listeners reached (or None)

    def tells_more_than(self, before: "Report") -> bool:
        """Return whether the state differs from an earlier report; `recent` does not count."""
        return replace(self, n=before.n, at=before.at, recent=before.recent) != before

    def beside(self, before: "Report") -> "Report":
        """Return what this report changes in the delays of an earlier one, and all the rest."""
        if self.reset_at != before.reset_at:
            return self
        changed = {key: n for key, n in self.delays.items() if n != before.delays.get(key)}
        return replace(self, delays=changed)

    def onto(self, before: "Report") -> "Report":
        """Return the whole report again: the opposite of `beside`."""
        if self.reset_at != before.reset_at:
            return self
        return replace(self, delays=before.delays | self.delays)

    def encode(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def decode(cls, line: bytes) -> "Report":
        """Raises ValueError for whatever is no report, because any program may publish one."""
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            told = json.loads(line) if len(line) <= LONGEST_REPORT else {}
            if told.keys() == IS_FIELD.keys() and all(IS_FIELD[one](told[one]) for one in told):
                return cls(**told)
        raise ValueError("no report")


def _is_name(value: Any) -> bool:
    return len(value.encode()) <= LONGEST_NAME  # half a character cannot be encoded


def _is_body(value: Any) -> bool:
    return value is None or (len(value) <= BODY_SHOWN and _is_name(value))


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_SEQ  # True is no number here


def is_reset(at: Any) -> bool:
    """Return whether there can have been a reset at this time, in ms since the epoch."""
    return _is_number(at) and at <= (time.time() + AHEAD) * 1000


def _is_shown(message: Any) -> bool:
    id_, body, *reached = message
    are_numbers = all(one is None or _is_number(one) for one in reached)
    return (id_ is None or _is_name(id_)) and body is not None and _is_body(body) and are_numbers


# Whether the value of a field is possible; a check may also raise an error.
IS_FIELD: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("id", "pattern", "name", "host"), _is_name),
    **dict.fromkeys(("n", "pid"), _is_number),
    "reset_at": is_reset,
    "at": lambda at: type(at) in (int, float) and 0 <= at <= LATEST,
    "role": lambda role: role in ("web", "listener"),
    "left": lambda left: type(left) is bool,
    "counts": lambda of: of.keys() <= {*COUNTS} and all(map(_is_number, of.values())),
    "delays": lambda of: of.keys() <= BUCKETS and all(map(_is_number, of.values())),
    "refused": lambda why: len(why.encode()) <= 4 * LONGEST_WHY,
    "last": _is_body,
    "in_hand": lambda hand: hand is None or (len(hand) == 2 and _is_shown(hand)),
    "recent": lambda recent: len(recent) <= RECENT and all(map(_is_shown, recent)),
}


def shown(message: Message) -> tuple[str | None, str]:
    """Return id and body of a message, cut to what a report may have of them."""
    return message.id and message.id[: LONGEST_NAME // 4], message.body[:BODY_SHOWN]


def report_factory(pattern: str, role: str, name: str) -> Callable[[], Report]:
    """Return a function that makes empty reports of this process, numbered from 1."""
    host, pid = socket.gethostname(), os.getpid()
    unique, numbers = f"{host}-{pid}-{secrets.token_hex(3)}-{pattern}", count(1)
    return lambda: Report(unique, next(numbers), time.time(), pattern, role, name, host, pid)
