"""A lease that each consumer renews while it lives, and when to take over from those that died."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from redis import Redis, RedisError

from messaging.connection import connect

LEASE = 3.0  # seconds after its last renewal that a consumer counts as dead
RENEW_EVERY = 1.0  # second between two renewals, and between two looks for the dead

Renew = Callable[[Redis], None]


class TakeoverSchedule:
    """When to look for dead consumers: each second, once all had time to renew after an outage."""

    def __init__(self) -> None:
        self._next = time.monotonic() + LEASE

    def is_due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + RENEW_EVERY
        return True


@contextmanager
def renewed(redis: Redis, renew: Renew) -> Iterator[None]:
    """While inside, renew a lease each second.

    The first renewal, before anything is taken, uses `redis`. The others come from a thread that
    has a connection of its own and shares nothing with the loop.
    """
    renew(redis)
    over = threading.Event()

    def keep_renewing() -> None:
        with connect(connections=1) as own:
            while not over.wait(RENEW_EVERY):
                with suppress(RedisError):  # the loop meets the same error, and says so
                    renew(own)

    thread = threading.Thread(target=keep_renewing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
    thread.join(LEASE)  # nothing is renewed once the consumer has left
