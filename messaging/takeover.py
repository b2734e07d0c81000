"""How a listener takes over what another one had in hand when it died.

Each shows beside its loop that it is alive; who has not done so for a while counts as dead.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from redis import Redis, RedisError

from messaging.connection import connect

LEASE = 3.0  # seconds after its last sign of life that a listener counts as dead
SIGN_EVERY = 1.0  # second between two signs, and between two looks for the dead
TRIES = 3  # so often a message is begun; who then dies with it in hand has made it a dead letter


class TakenOver(list[bytes]):
    """Lines that were begun before: so often they were left by a listener that died."""

    def __init__(self, lines: list[bytes], failures: int) -> None:
        super().__init__(lines)
        self.failures = failures

    @property
    def are_dead(self) -> bool:
        """Whether they are not to be tried again: they were put aside as dead letters."""
        return self.failures >= TRIES


class Looking:
    """When to look for the dead: not at once, for after an outage all need time to show up."""

    def __init__(self) -> None:
        self._next = time.monotonic() + LEASE

    def is_due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + SIGN_EVERY
        return True


@contextmanager
def alive(redis: Redis, show: Callable[[Redis], None]) -> Iterator[None]:
    """While inside, `show` is called each second, on a connection that no message waits for."""
    show(redis)  # before anything is taken
    over = threading.Event()

    def keep_showing() -> None:
        with connect(connections=1) as own:
            while not over.wait(SIGN_EVERY):
                with suppress(RedisError):  # the loop will say it
                    show(own)

    thread = threading.Thread(target=keep_showing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(LEASE)
