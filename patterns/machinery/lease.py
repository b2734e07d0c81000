"""A lease that each consumer renews while it lives, and the schedule of takeovers."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from redis import Redis, RedisError

from messaging.connection import connect

LEASE = 3.0  # seconds after its last renewal until a consumer counts as dead
RENEWAL_INTERVAL = 1.0  # second between two renewals, and two searches for dead consumers

# An experiment for the front page, which every pattern that redelivers can show.
TRY_A_TAKEOVER = (
    "Start a slow listener, as with `{listener} --work 5`, and a second one; send one here, and "
    "end the one that works on it with kill -9 and its number: about three seconds later the "
    "other one takes the message over."
)


class TakeoverSchedule:
    """Tells when to search for dead consumers: each second, after a first wait of one lease.

    In that wait every consumer can renew its lease after an outage of Redis.
    """

    def __init__(self) -> None:
        self._next = time.monotonic() + LEASE

    def is_due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + RENEWAL_INTERVAL
        return True


@contextmanager
def renewed(redis: Redis, renew: Callable[[Redis], None]) -> Iterator[None]:
    """Renew a lease each second inside the with block.

    The first renewal uses `redis`, before anything is taken. The others come from a thread with a
    connection of its own, so a lease does not expire while the loop works on a message, however
    long, not even if the work hangs.
    """
    renew(redis)
    over = threading.Event()

    def keep_renewing() -> None:
        with connect(connections=1) as own:
            while not over.wait(RENEWAL_INTERVAL):
                with suppress(RedisError):  # the loop reports the same error
                    renew(own)

    thread = threading.Thread(target=keep_renewing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
    thread.join(LEASE)  # a late renewal would register the consumer again
