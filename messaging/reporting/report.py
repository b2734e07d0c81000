"""A report: the line of JSON with all that a process has counted for one pattern."""

import json
import os
import re
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from typing import Any, Literal, get_args

RECENT = 20  # newest messages in a report
BODY_SHOWN = 80  # characters of a body in a report

SenderCount = Literal["sent", "unknown", "deliveries", "unheard"]
ListenerCount = Literal["received", "elsewhere", "malformed", "missed", "redelivered", "dead"]
Count = SenderCount | ListenerCount
LISTENER_COUNTS: tuple[ListenerCount, ...] = get_args(ListenerCount)
COUNTS: tuple[Count, ...] = (*get_args(SenderCount), *LISTENER_COUNTS)


class NoReportError(ValueError):
    """A line is not a report, so another program wrote it."""


@dataclass(frozen=True)
class Report:
    """What one process has counted for one pattern since its start, and its newest messages.

    Each report has all counts, so a later report replaces an earlier one, even a lost one.
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
    counts: dict[Count, int] = field(default_factory=dict)
    delays: dict[str, int] = field(default_factory=dict)  # the buckets of delays.Delays
    last: str | None = None  # the body of the last message
    in_hand: list[Any] | None = None  # id and body of the message in work
    recent: list[list[Any]] = field(default_factory=list)  # id, body, listeners reached (or None)

    def tells_more_than(self, before: "Report") -> bool:
        """Return whether the state differs from an earlier report; `recent` does not count."""
        return replace(self, n=before.n, at=before.at, recent=before.recent) != before

    def encode(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def decode(cls, line: bytes) -> "Report":
        """Raises NoReportError, because any program may publish on the channel."""
        try:
            told = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise NoReportError from error
        match told:
            case {
                "id": str(),
                "n": int(),
                "at": float() | int(),
                "pattern": str(),
                "role": "web" | "listener",
                "name": str(),
                "host": str(),
                "pid": int(),
                "left": bool(),
                "counts": dict(counts),
                "delays": dict(delays),
                "last": str() | None,
                "in_hand": [str() | None, str()] | None,
                "recent": list(recent),
                **rest,
            } if not rest and all(map(_is_recent, recent)):
                are_whole = all(isinstance(n, int) for n in (*counts.values(), *delays.values()))
                are_buckets = all(re.fullmatch("-?[0-9]{1,4}", bucket) for bucket in delays)
                if are_whole and are_buckets and counts.keys() <= set(COUNTS):
                    return cls(**told)
        raise NoReportError


def _is_recent(shown: object) -> bool:
    match shown:
        case [str() | None, str(), int() | None]:
            return True
    return False


def report_factory(pattern: str, role: str, name: str) -> Callable[[], Report]:
    """Return a function that makes empty reports of this process, numbered from 1."""
    host, pid = socket.gethostname(), os.getpid()
    unique, numbers = f"{host}-{pid}-{secrets.token_hex(3)}-{pattern}", count(1)
    return lambda: Report(unique, next(numbers), time.time(), pattern, role, name, host, pid)
