"""What listeners and web report of themselves for the live page: in batches, beside the loop."""

import json
import os
import re
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from redis import RedisError

from messaging.address import URL, address
from messaging.connection import connect
from messaging.message import Message
from messaging.names import RECORDS, REPORTS

LIVE = os.environ.get("LIVE") != "0"
EVERY = 0.1  # seconds between two reports, at least
HEARTBEAT = 1.0  # seconds between two reports, at most: a sign of life
RECENT = 20  # messages that a report shows
SHOWN = 80  # characters of a body
KEPT = 24 * 3600  # seconds after the last report of all
LAST_WORD = 0.25  # second for the last report of a process that stops


def reports_channel() -> str:
    """The channel of this database: Pub/Sub itself knows none."""
    return f"{REPORTS}:{address(URL).rpartition('/')[2]}"


class NoReportError(ValueError):
    """What was published or kept was written by somebody else."""


@dataclass
class Report:
    """What one process has counted since its start for one pattern, and what it last did.

    The counts only grow, so a later report replaces an earlier one and none is missed when lost.
    """

    id: str  # of the process and pattern
    n: int  # 1, 2, 3 … per id
    at: float  # seconds since the epoch
    pattern: str
    role: str  # «web», which sends, or «listener»
    name: str
    host: str
    pid: int
    left: bool = False  # it has stopped, as it was asked to
    counts: dict[str, int] = field(default_factory=dict)
    delays: dict[str, int] = field(default_factory=dict)  # the buckets of counting.Delays
    last: str | None = None  # the body of the last message
    in_hand: list[Any] | None = None  # id and body of the message that is worked on
    recent: list[list[Any]] = field(default_factory=list)  # id, body, and what Redis said to it

    def tells_more_than(self, before: "Report") -> bool:
        """Whether anything but time has passed since an earlier one."""
        return replace(self, n=before.n, at=before.at, recent=before.recent) != before

    def encode(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def decode(cls, line: bytes) -> "Report":
        """Raises NoReportError; anybody may publish on the channel."""
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
                if are_whole and all(re.fullmatch("-?[0-9]{1,4}", bucket) for bucket in delays):
                    return cls(**told)
        raise NoReportError


def _is_recent(shown: object) -> bool:
    match shown:
        case [str() | None, str(), int() | None]:
            return True
    return False


def identity(pattern: str, role: str, name: str) -> Callable[[], Report]:
    """Makes the reports of this process, which begin as a blank form with its next number."""
    host, pid = socket.gethostname(), os.getpid()
    unique, numbers = f"{host}-{pid}-{secrets.token_hex(3)}-{pattern}", iter(range(1, 2**53))

    def blank() -> Report:
        return Report(unique, next(numbers), time.time(), pattern, role, name, host, pid)

    return blank


class Recent:
    """The newest messages since the last report; adding one costs next to nothing."""

    def __init__(self) -> None:
        self._messages: deque[tuple[Message, int | None]] = deque(maxlen=RECENT)

    def add(self, message: Message, said: int | None = None) -> None:
        self._messages.append((message, said))

    def take(self) -> list[list[Any]]:
        """Those that came since the last call, oldest first: id, body, and what Redis said."""
        taken: list[list[Any]] = []
        with suppress(IndexError):
            while len(taken) < RECENT:
                message, said = self._messages.popleft()
                taken.append([message.id, message.body[:SHOWN], said])
        return taken


class Reporter:
    """Reports what `describe` gives: at once after a silence, then ten times a second at most.

    It has a thread and a connection of its own. Redis away: the next report says it all.
    """

    def __init__(self, describe: Callable[[], list[Report]]) -> None:
        self._describe = describe
        self._redis = connect(connections=1)
        self._changed = False
        self._sleeping = False
        self._asking_since: float | None = None  # while Redis has not answered
        self._wake, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def changed(self) -> None:
        """There is something to report. Called for each message, so it does next to nothing."""
        self._changed = True
        if self._sleeping:
            self._sleeping = False
            self._wake.set()

    def close(self) -> None:
        """Report a last time, if Redis takes it at once."""
        self._closing.set()
        self.changed()
        self._wake.set()
        since = self._asking_since
        if since is None or time.monotonic() - since < LAST_WORD:  # else it will not answer now
            self._thread.join(LAST_WORD)

    def _run(self) -> None:
        closing = False
        while not closing:
            self._sleeping = True
            if not self._changed:
                self._wake.wait(HEARTBEAT)
            closing = self._closing.is_set()
            self._sleeping = False
            self._wake.clear()
            self._changed = False
            self._asking_since = time.monotonic()
            try:
                self._report(closing)
            except RedisError:
                self._changed = True  # still to be told
                self._closing.wait(HEARTBEAT)
            self._asking_since = None
            self._closing.wait(EVERY)

    def _report(self, left: bool) -> None:
        """One round trip: kept for whoever comes later, and told to whoever watches now."""
        lines: dict[str, bytes] = {}
        for report in self._describe():
            report.left = left
            lines[report.id] = report.encode()
        if lines:
            send_reports(self._redis, lines)


def send_reports(redis: Any, lines: Mapping[str, bytes]) -> None:
    """Keep and publish encoded reports, by the id of each."""
    with redis.pipeline(transaction=False) as pipeline:
        pipeline.hset(RECORDS, mapping=lines)
        pipeline.expire(RECORDS, KEPT)
        for line in lines.values():
            pipeline.publish(reports_channel(), line)
        pipeline.execute()
