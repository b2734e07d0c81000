"""A TCP proxy between a client and Redis that can swallow a reply, or go silent without a word."""

import socket
import threading
import time
from contextlib import suppress


class Proxy:
    """Forwards bytes both ways, until a fault is planted.

    `mark` is a command by which the connection is known on which the fault is to happen.
    """

    def __init__(self, redis_port: int, mark: bytes) -> None:
        self._redis_port, self._mark = redis_port, mark
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.swallowed: float | None = None  # when a reply was, in seconds since the epoch
        self.noticed: float | None = None  # when the client hung up what went silent
        self._swallow: tuple[bytes, bytes] | None = None
        self._silent: set[Pair] = set()
        self._pairs: list[Pair] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow_reply(self, to: bytes, having: bytes = b"") -> None:
        """The next reply to this command that has this in it is swallowed, and the line is cut."""
        self._swallow = (to, having)

    def go_silent(self) -> None:
        """From now on nothing passes on the connections that there are; new ones work."""
        self._silent = {pair for pair in self._pairs if pair.is_marked}

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._server.accept()
                redis = socket.create_connection(("127.0.0.1", self._redis_port))
                pair = Pair(client, redis)
                self._pairs.append(pair)
                for forward in (self._to_redis, self._to_client):
                    threading.Thread(target=forward, args=(pair,), daemon=True).start()

    def _to_redis(self, pair: "Pair") -> None:
        with suppress(OSError):
            while chunk := pair.client.recv(65_536):
                pair.asked = chunk
                pair.is_marked |= self._mark in chunk
                if pair not in self._silent:
                    pair.redis.sendall(chunk)
        if pair in self._silent and self.noticed is None:
            self.noticed = time.time()
        pair.close()

    def _to_client(self, pair: "Pair") -> None:
        with suppress(OSError):
            while chunk := pair.redis.recv(65_536):
                if self._is_to_be_swallowed(pair, chunk):
                    break
                if pair not in self._silent:
                    pair.client.sendall(chunk)
        if pair not in self._silent:
            pair.close()

    def _is_to_be_swallowed(self, pair: "Pair", reply: bytes) -> bool:
        match self._swallow:
            case (to, having) if to in pair.asked and having in reply:
                self._swallow, self.swallowed = None, time.time()
                return True
        return False


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
