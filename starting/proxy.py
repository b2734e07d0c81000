"""A TCP proxy between clients and Redis: it looks on, holds or swallows replies, goes silent."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress


class Pair:
    """The two connections of one client."""

    def __init__(self, client: socket.socket, redis: socket.socket) -> None:
        self.client, self.redis = client, redis
        self.asked = b""  # by the client, last
        self.held = b""  # of what Redis replied
        self.is_marked = False

    def close(self) -> None:
        for end in (self.client, self.redis):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes whoever reads from it as well
            end.close()


class Proxy:
    """Forwards bytes both ways until told otherwise, on a port of its own.

    One thread accepts clients and adds their pairs; two threads for each pair forward its bytes,
    and write what happened; whoever made the proxy sets what is to happen, and reads the rest.
    `mark` is a command by which the connections are known that can go silent.
    """

    def __init__(self, redis_port: int, mark: bytes = b"") -> None:
        self.said = b""  # by clients
        self.hold_until: Callable[[bytes], bool] = lambda said: True  # replies wait until then
        # Given a chunk and whether a client sent it: whether to swallow it, once, and cut the line.
        self.cut_at: Callable[[bytes, bool], bool] = lambda chunk, is_client: False
        self.swallowed: float | None = None  # when a reply was, in seconds since the epoch
        self.noticed: float | None = None  # when the client hung up what went silent
        self._swallow: tuple[bytes, bytes] | None = None
        self._pairs: list[Pair] = []
        self._silent: set[Pair] = set()
        self._mark, self._redis_port = mark, redis_port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/5"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def swallow_reply(self, to: bytes, having: bytes = b"") -> None:
        """The next reply to this command that has this in it is swallowed, and the line is cut."""
        self._swallow = (to, having)

    def go_silent(self) -> None:
        """From now on nothing passes on the connections that there are; new ones work."""
        self._silent = {pair for pair in self._pairs if pair.is_marked}

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._server.accept()
                pair = Pair(client, socket.create_connection(("127.0.0.1", self._redis_port)))
                self._pairs.append(pair)
                for ends in ((pair.client, pair.redis, True), (pair.redis, pair.client, False)):
                    threading.Thread(target=self._forward, args=(pair, *ends), daemon=True).start()

    def _forward(
        self, pair: Pair, source: socket.socket, target: socket.socket, is_client: bool
    ) -> None:
        with suppress(OSError):
            while chunk := source.recv(65_536):
                passed = self._passes(pair, chunk, is_client)
                if passed is None:
                    break
                target.sendall(passed)
        if pair in self._silent:
            if not is_client:
                return  # the client hears nothing of it
            self.noticed = self.noticed or time.time()
        pair.close()

    def _passes(self, pair: Pair, chunk: bytes, is_client: bool) -> bytes | None:
        """What goes on now; None cuts the connection."""
        if is_client:
            pair.asked = chunk
            pair.is_marked |= self._mark in chunk
            self.said += chunk
        elif (reply := self._swallow) and reply[0] in pair.asked and reply[1] in chunk:
            self._swallow, self.swallowed = None, time.time()
            return None
        if self.cut_at(chunk, is_client):
            self.cut_at = lambda chunk, is_client: False
            return None
        if pair in self._silent:
            return b""
        if is_client:
            return chunk
        pair.held += chunk
        passed, pair.held = (pair.held, b"") if self.hold_until(self.said) else (b"", pair.held)
        return passed
