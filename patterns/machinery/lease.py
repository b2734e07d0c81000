"""The heartbeats by which a consumer renews its lease, and the schedule of takeovers."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from redis import Redis, RedisError

from messaging.connection import connect

LEASE = 3.0  # seconds after its last renewal until a consumer counts as dead
HEARTBEAT_INTERVAL = 1.0  # second between two heartbeats, and two searches for dead consumers


class TakeoverSchedule:
    """Tells when to search for dead consumers: each second, after a first wait of one lease."""

    def __init__(self) -> None:
        self._next = time.monotonic() + LEASE  # after an outage every consumer can renew its own

    def is_due(self) -> bool:
        if is_due := time.monotonic() >= self._next:
            self._next = time.monotonic() + HEARTBEAT_INTERVAL
        return is_due


@contextmanager
def heartbeats(redis: Redis, beat: Callable[[Redis], None]) -> Iterator[None]:
    """Call `beat`, which renews a lease or a registration, each second inside the with block.

    The first call uses `redis`, before anything is taken. The others come from a thread with a
    connection of its own, however long the work on a message takes. So a lease expires when its
    process dies or freezes, but a message whose work hangs is never taken over.
    """
    beat(redis)
    over = threading.Event()

    def keep_beating() -> None:
        with connect(connections=1) as own:
            while not over.wait(HEARTBEAT_INTERVAL):
                with suppress(RedisError):  # the loop reports the same error
                    beat(own)

    thread = threading.Thread(target=keep_beating, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
    # When a consumer leaves, a late heartbeat would register it again; after an error it goes on.
    thread.join(LEASE)
