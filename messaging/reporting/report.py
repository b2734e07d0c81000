"""A report: the line of JSON with all that a process has counted for one pattern."""

import os
import secrets
import socket
import time
from collections.abc import Callable
from itertools import count
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct, json
from msgspec.structs import replace

from messaging.delays import LONGEST, SHORTEST, bucket_of
from messaging.message import LARGEST_SEQ, LATEST, LONGEST_NAME

RECENT = 20  # newest messages in a report
BODY_SHOWN = 80  # characters of a body in a report

SenderCount = Literal["sent", "unknown", "deliveries", "unheard"]
ListenerCount = Literal["received", "elsewhere", "malformed", "missed", "redelivered", "dead"]
Count = SenderCount | ListenerCount
Role = Literal["web", "listener"]  # web: it sends
LISTENER_COUNTS: tuple[ListenerCount, ...] = get_args(ListenerCount)
COUNTS: tuple[Count, ...] = (*get_args(SenderCount), *LISTENER_COUNTS)

# What a report may have. Any program may publish one, so these are checked when it is decoded.
Name = Annotated[str, Meta(max_length=LONGEST_NAME)]
Body = Annotated[str, Meta(max_length=BODY_SHOWN)]
Number = Annotated[int, Meta(ge=0, le=LARGEST_SEQ)]
Time = Annotated[float, Meta(ge=0, le=LATEST)]  # seconds since the epoch
Bucket = Annotated[int, Meta(ge=bucket_of(SHORTEST), le=bucket_of(LONGEST))]
Shown = tuple[Name | None, Body, Number | None]  # id, body, and how many listeners it reached


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """What one process has counted for one pattern since its start, and its newest messages.

    Each report has all counts, so a later report replaces an earlier one, even a lost one.
    """

    id: Name  # of the process and pattern
    n: Number  # 1, 2, 3 … per id
    at: Time
    pattern: Name
    role: Role
    name: Name
    host: Name
    pid: Number
    left: bool = False  # it was asked to stop and has stopped
    counts: dict[Count, Number] = {}
    delays: dict[Bucket, Number] = {}  # as in delays.Delays
    last: Body | None = None  # the body of the last message
    in_hand: tuple[Name | None, Body] | None = None  # id and body of the message in work
    recent: Annotated[list[Shown], Meta(max_length=RECENT)] = []

    def tells_more_than(self, before: "Report") -> bool:
        """Return whether the state differs from an earlier report; `recent` does not count."""
        return replace(self, n=before.n, at=before.at, recent=before.recent) != before

    def encode(self) -> bytes:
        return json.encode(self)

    @classmethod
    def decode(cls, line: bytes) -> "Report":
        """Raises ValueError for whatever is no report."""
        return json.decode(line, type=cls)


def report_factory(pattern: str, role: Role, name: str) -> Callable[[], Report]:
    """Return a function that makes empty reports of this process, numbered from 1."""
    host, pid = socket.gethostname(), os.getpid()
    unique, numbers = f"{host}-{pid}-{secrets.token_hex(3)}-{pattern}", count(1)
    return lambda: Report(unique, next(numbers), time.time(), pattern, role, name, host, pid)
