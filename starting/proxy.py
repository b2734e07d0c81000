"""A TCP proxy between clients and Redis that can swallow a reply or go silent."""

import math
import socket
import threading
import time
from contextlib import suppress


class Pair:
    """A client's connection and the one to Redis that belongs to it."""

    def __init__(self, client: socket.socket, redis: socket.socket) -> None:
        self.client, self.redis = client, redis
        self.opened, self.closed = time.time(), math.inf  # seconds since the epoch
        host, port = redis.getsockname()[:2]
        # By which Redis knows the connection, as in CLIENT LIST.
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.asked = b""  # the client's last chunk
        self.is_marked = self.is_silent = False

    def close(self) -> None:
        self.closed = min(self.closed, time.time())
        for end in (self.client, self.redis):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes whoever reads from it as well
            end.close()


class Proxy:
    """Forwards bytes both ways, on a free port or this one, until a fault is set.

    One thread accepts clients; two for each pair forward its bytes, record what happened and clear
    the fault that did. Only the owner sets faults. A connection that has sent `mark` can go silent.
    """

    def __init__(
        self, redis_port: int, mark: bytes = b"", port: int = 0, redis_host: str = "127.0.0.1"
    ) -> None:
        self.swallowed: float | None = None  # when a reply was, seconds since the epoch
        self.noticed: float | None = None  # when a client closed a silent connection
        self.silent_since = 0.0  # seconds since the epoch
        self.withheld = 0  # chunks that silent connections did not forward
        self._swallow: tuple[bytes, bytes] | None = None
        self.pairs: list[Pair] = []  # of all connections so far
        self._mark, self._redis = mark, (redis_host, redis_port)
        self._server = self.listen(port)
        self.port = int(self._server.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/5"
        threading.Thread(target=self._accept, daemon=True).start()

    def listen(self, port: int) -> socket.socket:
        """Return a socket that accepts clients at this port; 0: at any."""
        return socket.create_server(("127.0.0.1", port))

    def close(self) -> None:
        self._server.close()
        self.cut()

    def redis_is_away(self) -> None:
        """Do nothing; called when a client came and Redis accepted no connection."""

    def lead_to(self, redis_port: int) -> None:
        """Lead new connections to this Redis, and cut those that there are."""
        self._redis = (self._redis[0], redis_port)
        self.cut()

    def cut(self) -> None:
        """Cut all connections, also silent ones; new ones work."""
        for pair in [*self.pairs]:
            pair.close()

    def swallow_reply(self, to: bytes, having: bytes = b"") -> None:
        """Swallow the next reply to command `to` that contains `having`, and cut the connection."""
        self._swallow = (to, having)

    def go_silent(self) -> None:
        """Forward nothing more on the marked connections; new ones work."""
        self.silent_since = time.time()
        for pair in self.pairs:
            pair.is_silent = pair.is_marked

    def passes(self, pair: Pair, chunk: bytes, is_client: bool) -> bytes | None:
        """The bytes to forward now; None cuts the connection."""
        if is_client:
            pair.asked = chunk
            pair.is_marked |= self._mark in chunk
        elif fault := self._swallow:
            to, having = fault
            if to in pair.asked and having in chunk:
                self._swallow, self.swallowed = None, time.time()
                return None
        if pair.is_silent:
            self.withheld += 1
            return b""
        return chunk

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._server.accept()
                try:
                    redis = socket.create_connection(self._redis)
                except OSError:  # it does not run just now
                    client.close()
                    self.redis_is_away()
                    continue
                for end in (client, redis):  # or the rest of a reply waits for an acknowledgement
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                pair = Pair(client, redis)
                self.pairs.append(pair)
                for args in ((pair, True), (pair, False)):
                    threading.Thread(target=self._forward, args=args, daemon=True).start()

    def _forward(self, pair: Pair, is_client: bool) -> None:
        source, target = (pair.client, pair.redis) if is_client else (pair.redis, pair.client)
        with suppress(OSError):
            while chunk := source.recv(65_536):
                if (passed := self.passes(pair, chunk, is_client)) is None:
                    break
                target.sendall(passed)
        if pair.is_silent:
            if not is_client:
                return  # a client does not notice that Redis closed a silent connection
            self.noticed = self.noticed or time.time()
        pair.close()
