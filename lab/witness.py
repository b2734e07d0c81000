"""A proxy that writes down which messages Redis hands to a listener, beside its own word."""

import math
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from lab.history.records import Handed, Line
from messaging.message import MalformedLineError, Message
from starting.proxy import Pair, Proxy

BULK = re.compile(rb"\$(\d+)\r\n(?=\{)")  # before a line of JSON, in the protocol of Redis
LONGEST_HEAD = 24  # bytes of such a beginning that may still be incomplete


def can_be_watched(url: str) -> bool:
    """Whether a proxy can read what passes to this Redis; an empty URL is one of our own."""
    return not url or urlsplit(url).scheme == "redis"


class Lines:
    """Finds the lines of JSON in the replies on one connection, however these are cut in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        self._rest += chunk
        found: list[bytes] = []
        at = 0
        while match := BULK.search(self._rest, at):
            end = match.end() + int(match[1])
            if end > len(self._rest):
                self._rest = self._rest[match.start() :]
                return found
            found.append(self._rest[match.end() : end])
            at = end
        self._rest = self._rest[max(at, len(self._rest) - LONGEST_HEAD) :]
        return found


def ids_of(lines: Iterable[bytes]) -> Iterator[str | None]:
    for line in lines:
        with suppress(MalformedLineError):
            yield Message.decode(line).id


class Seen:
    """What a witness knows of one connection."""

    def __init__(self, number: int) -> None:
        self.number, self.lines = number, Lines()
        self.turn, self.asked = 0, 0.0
        self.released: dict[int, float] = {}  # by turn, when it asked for further messages
        self.has_asked = True  # since the last reply with a message


class Witness(Proxy):
    """Stands between one listener, or the sender, and Redis; the threads of `Proxy` call `passes`.

    `numbers` numbers the connections of all witnesses of a run.
    """

    def __init__(self, name: str, redis_url: str, numbers: Iterator[int], mark: bytes) -> None:
        parts = urlsplit(redis_url)
        self.name = name
        self.handed: list[Handed] = []
        self._numbers = numbers
        self._seen: dict[Pair, Seen] = {}
        self._lock = threading.Lock()
        super().__init__(parts.port or 6379, mark, redis_host=parts.hostname or "localhost")
        secret, at, _ = parts.netloc.rpartition("@")
        self.url = urlunsplit(parts._replace(netloc=f"{secret}{at}127.0.0.1:{self.port}"))

    def connections(self) -> set[str]:
        """The addresses by which Redis knows those that are open."""
        return {pair.address for pair in self.pairs if math.isinf(pair.closed)}

    def closings(self, after: float) -> list[float]:
        """When connections were closed after that moment."""
        return [pair.closed for pair in self.pairs if after < pair.closed < math.inf]

    def testimony(self) -> Iterator[tuple[str, Line | Handed]]:
        """Yield all that it saw, each with the name of its kind."""
        released: dict[int, dict[int, float]] = {}
        for pair, seen in [*self._seen.items()]:
            released[seen.number] = seen.released
            yield "line", Line(self.name, seen.number, pair.opened, pair.closed)
        for one in [*self.handed]:
            yield "handed", one._replace(released=released[one.line].get(one.turn, math.inf))

    def passes(self, pair: Pair, chunk: bytes, is_client: bool) -> bytes | None:
        now, seen = time.time(), self._look_at(pair)
        passed = super().passes(pair, chunk, is_client)
        if is_client:
            seen.asked, seen.has_asked = now, True
            if self._mark in chunk:
                seen.released.setdefault(seen.turn, now)
        elif lines := seen.lines.feed(chunk):
            seen.turn += seen.has_asked
            seen.has_asked = False
            for id_ in ids_of(lines):
                stamps = seen.turn, id_, seen.asked or pair.opened, now
                self.handed.append(Handed(self.name, seen.number, *stamps, passed == chunk))
        return passed

    def _look_at(self, pair: Pair) -> Seen:
        with self._lock:
            if pair not in self._seen:
                self._seen[pair] = Seen(next(self._numbers))
            return self._seen[pair]
