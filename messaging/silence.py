"""Notices that a connection has gone silent without a word, which a subscriber never would."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis.client import PubSub

PING_EVERY = 1.0  # second
UNANSWERED = 3  # pings, after which we hang up


class Hearing:
    """What is heard, and how many pings went unanswered while we waited for more.

    Pings are counted, not seconds: who was frozen has not pinged, and finds what it was sent.
    """

    def __init__(self, pubsub: PubSub) -> None:
        self._pubsub = pubsub
        self._socket = self._current()
        self._waits = True  # while we work we wait for nothing
        self._unanswered = 0

    def of(self, heard: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """All that is heard, but for the answers to pings."""
        for one in heard:
            self._waits = False
            if one["type"] == "subscribe":
                self._socket = self._current()
            if one["type"] != "pong":
                yield one
            self._waits, self._unanswered = True, 0

    def ping(self) -> None:
        """Ping, or hang up, so that `listen()` connects anew.

        Written past redis-py, which in this thread would connect at the same time as the loop.
        """
        if not self._waits:
            return
        self._unanswered += 1
        with suppress(OSError):  # the loop will say it
            if self._unanswered <= UNANSWERED and self._socket:
                self._socket.sendall(b"PING\r\n")
            elif self._unanswered > UNANSWERED and (silent := self._current()):
                self._unanswered = 0
                silent.shutdown(socket.SHUT_RDWR)

    def _current(self) -> socket.socket | None:
        return getattr(self._pubsub.connection, "_sock", None)


@contextmanager
def pinged(pubsub: PubSub) -> Iterator[Hearing]:
    """While inside, Redis is pinged, and a connection that does not answer is hung up.

    Keepalive alone does not notice whom something between us and Redis still answers for.
    """
    hearing, over = Hearing(pubsub), threading.Event()

    def watch() -> None:
        while not over.wait(PING_EVERY):
            hearing.ping()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield hearing
    finally:
        over.set()
