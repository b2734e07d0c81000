"""A TCP proxy between a client and Redis that can swallow a reply, or go silent without a word."""

import socket
import threading
import time
from contextlib import suppress


class Pair:
    """The two connections of one client."""

    def __init__(self, client: socket.socket, redis: socket.socket) -> None:
        self.client, self.redis = client, redis
        self.asked = b""  # by the client, last
        self.is_marked = False

    def close(self) -> None:
        for end in (self.client, self.redis):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes whoever reads from it as well
            end.close()


class Proxy:
    """Forwards bytes both ways; whoever derives from it does otherwise."""

    def __init__(self, redis_port: int) -> None:
        self.pairs: list[Pair] = []
        self._redis_port = redis_port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def passes(self, pair: Pair, chunk: bytes, is_client: bool) -> bytes | None:
        """What goes on of a chunk that comes from the client or from Redis; None cuts the line."""
        return chunk

    def hung_up(self, pair: Pair, is_client: bool) -> None:
        """One end did, or the line is cut."""
        pair.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._server.accept()
                pair = Pair(client, socket.create_connection(("127.0.0.1", self._redis_port)))
                self.pairs.append(pair)
                for ends in ((pair.client, pair.redis, True), (pair.redis, pair.client, False)):
                    threading.Thread(target=self._forward, args=(pair, *ends), daemon=True).start()

    def _forward(
        self, pair: Pair, source: socket.socket, target: socket.socket, is_client: bool
    ) -> None:
        with suppress(OSError):
            while chunk := source.recv(65_536):
                passed = self.passes(pair, chunk, is_client)
                if passed is None:
                    break
                target.sendall(passed)
        self.hung_up(pair, is_client)


class FaultyProxy(Proxy):
    """The one of a run, in which a fault is planted.

    `mark` is a command by which the connection is known on which the fault is to happen.
    """

    def __init__(self, redis_port: int, mark: bytes) -> None:
        self.swallowed: float | None = None  # when a reply was, in seconds since the epoch
        self.noticed: float | None = None  # when the client hung up what went silent
        self._mark = mark
        self._swallow: tuple[bytes, bytes] | None = None
        self._silent: set[Pair] = set()
        super().__init__(redis_port)

    def swallow_reply(self, to: bytes, having: bytes = b"") -> None:
        """The next reply to this command that has this in it is swallowed, and the line is cut."""
        self._swallow = (to, having)

    def go_silent(self) -> None:
        """From now on nothing passes on the connections that there are; new ones work."""
        self._silent = {pair for pair in self.pairs if pair.is_marked}

    def passes(self, pair: Pair, chunk: bytes, is_client: bool) -> bytes | None:
        if is_client:
            pair.asked = chunk
            pair.is_marked |= self._mark in chunk
        elif self._is_to_be_swallowed(pair, chunk):
            return None
        return b"" if pair in self._silent else chunk

    def hung_up(self, pair: Pair, is_client: bool) -> None:
        if pair in self._silent:
            if not is_client:
                return  # the client hears nothing of it
            self.noticed = self.noticed or time.time()
        pair.close()

    def _is_to_be_swallowed(self, pair: Pair, reply: bytes) -> bool:
        match self._swallow:
            case (to, having) if to in pair.asked and having in reply:
                self._swallow, self.swallowed = None, time.time()
                return True
        return False
