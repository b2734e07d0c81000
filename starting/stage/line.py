"""The line of one process of the demo to Redis: a proxy that can cut it, silence it and lose."""

import math
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from messaging.message import MalformedLineError, Message
from starting.proxy import Pair, Proxy

BULK = re.compile(rb"\$(\d+)\r\n")  # before a string, in the protocol of Redis
TRY_AGAIN = 0.05  # seconds between two looks whether clients may come again
REACHED_WITHIN = 0.5  # seconds for a connection to Redis
POISON = "poison"  # the body of a message that kills who is handed it


class Lost(NamedTuple):
    """Which reply is lost next."""

    asked: tuple[bytes, ...]  # all in what the client asked
    having: bytes  # in the reply
    then: Callable[[], None]  # called by a thread of the line


class Line(Proxy):
    """Refuses connections while Redis is away, as Redis itself would, and whom it keeps out.

    The main thread of the demo sets faults; the threads of the line carry them out.
    """

    def __init__(self, host: str, redis_port: int, take: str = "") -> None:
        """`take` is the command by which the client of this line takes messages."""
        self.has_taken = False  # whether that was seen
        self.poisoned: Callable[[Message], bool] | None = None  # whether to hold such a one back
        self._take = take.encode()
        self._lost: Lost | None = None
        self._lock = threading.Lock()  # guards _lost and _server
        self._let_in_at = 0.0  # of time.monotonic()
        self._let_in: Callable[[], None] | None = None  # called by a thread of the line
        self._is_over = False
        self._reserved = socket.socket()  # keeps the port while nobody is let in
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._reserved.bind(("127.0.0.1", 0))
        port = int(self._reserved.getsockname()[1])
        super().__init__(redis_port, port=port, redis_host=host)

    @property
    def via(self) -> str:
        """What its client has as REDIS_VIA."""
        return f"127.0.0.1:{self.port}"

    def addresses(self) -> list[str]:
        """Return how Redis calls the connections that are open now, and not silent."""
        there = [pair for pair in [*self.pairs] if not pair.is_silent]
        return [pair.address for pair in there if math.isinf(pair.closed)]

    def is_kept_out(self) -> bool:
        return time.monotonic() < self._let_in_at

    def keep_out(self, seconds: float, then: Callable[[], None]) -> None:
        """Refuse new connections for so long, and then call `then`; those that there are stay."""
        self._let_in_at, self._let_in = time.monotonic() + seconds, then
        self._refuse()

    def lose(self, asked: tuple[str, ...], having: bytes, then: Callable[[], None]) -> None:
        """Lose the next reply that contains `having`, to a request that contains all of `asked`."""
        self._lost = Lost(as_bytes(asked), having, then)

    def lose_no_more(self, asked: tuple[str, ...]) -> None:
        """Lose no reply any more to such a request."""
        if (lost := self._lost) and lost.asked == as_bytes(asked):
            self._lost = None

    def heal(self) -> None:
        """Set no fault any more, and close what went silent."""
        self._lost, self._let_in_at = None, 0.0
        for pair in [*self.pairs]:
            if pair.is_silent:
                pair.close()

    def close(self) -> None:
        with self._lock:
            self._is_over = True
        self._refuse()
        self._reserved.close()
        self.cut()

    def listen(self, port: int) -> socket.socket:
        return socket.create_server(("127.0.0.1", port), reuse_port=True)

    def redis_is_away(self) -> None:
        self._refuse()

    def passes(self, pair: Pair, chunk: bytes, is_client: bool) -> bytes | None:
        if is_client:
            if not self.has_taken:
                self.has_taken = self._take in chunk
        elif (lost := self._lost) and self._loses(lost, pair, chunk):
            lost.then()
            return None
        elif self.poisoned and POISON.encode() in chunk:
            for message in messages(chunk):
                if message.body == POISON and self.poisoned(message):
                    return None
        return super().passes(pair, chunk, is_client)

    def _loses(self, lost: Lost, pair: Pair, chunk: bytes) -> bool:
        """Return whether this reply is the one, which no other connection then loses as well."""
        if lost.having not in chunk or not all(part in pair.asked for part in lost.asked):
            return False
        with self._lock:
            is_first, self._lost = self._lost is lost, None
        return is_first

    def _refuse(self) -> None:
        """Let `accept` end; connections are refused from then on."""
        with self._lock, suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()

    def _accept(self) -> None:
        while not self._is_over:
            super()._accept()
            while not self._is_over and (self.is_kept_out() or not self._reaches_redis()):
                time.sleep(TRY_AGAIN)
            with self._lock:
                if not self._is_over:
                    self._server = self.listen(self.port)
            if self._let_in:
                self._let_in()
                self._let_in = None

    def _forward(self, pair: Pair, is_client: bool) -> None:
        super()._forward(pair, is_client)
        if not is_client and not self._is_over and not self._reaches_redis():
            self._refuse()
        if is_client:  # where the other end may be silent
            with suppress(ValueError):
                self.pairs.remove(pair)

    def _reaches_redis(self) -> bool:
        with suppress(OSError), socket.create_connection(self._redis, REACHED_WITHIN):
            return True
        return False


def as_bytes(words: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in words)


def messages(chunk: bytes) -> Iterator[Message]:
    """Yield the strings in a reply as messages, each of which may be one."""
    for found in BULK.finditer(chunk):
        line = chunk[found.end() : found.end() + int(found[1])]
        if POISON.encode() in line:
            with suppress(MalformedLineError):
                yield Message.decode(line)
