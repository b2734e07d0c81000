"""Notices that a connection has gone silent without a word, which a subscriber never would."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis import RedisError
from redis.client import PubSub

PING_EVERY = 1.0  # second
SILENT_AFTER = 3.0  # seconds without an answer to a ping


class Hearing:
    """What is heard, and since when we wait for more; while we work we wait for nothing."""

    def __init__(self) -> None:
        self.waits_since: float | None = time.monotonic()

    def of(self, heard: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """All that is heard, but for the answers to pings."""
        for one in heard:
            self.waits_since = None
            if one["type"] != "pong":
                yield one
            self.waits_since = time.monotonic()


@contextmanager
def pinged(pubsub: PubSub) -> Iterator[Hearing]:
    """While inside, Redis is pinged, and a connection that does not answer is hung up.

    `listen()` then connects anew. Keepalive alone does not notice whom something between us and
    Redis still answers for.
    """
    hearing, over = Hearing(), threading.Event()

    def watch() -> None:
        while not over.wait(PING_EVERY):
            since, connection = hearing.waits_since, pubsub.connection
            with suppress(RedisError, OSError):  # the loop will say it
                if connection and since and time.monotonic() - since > SILENT_AFTER:
                    connection.disconnect()
                    hearing.waits_since = time.monotonic()
                else:
                    pubsub.ping()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield hearing
    finally:
        over.set()
