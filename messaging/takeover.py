"""How a listener takes over what another one had in hand when it died.

Each shows beside its loop that it is alive; who has not done so for a while counts as dead.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from redis import RedisError

from messaging.connection import Client, connect
from messaging.names import FAILURES, HOLDERS, PRESENT, TAKEN

LEASE = 3.0  # seconds after its last sign of life that a listener counts as dead
SIGN_EVERY = 1.0  # second between two signs, and between two looks for the dead
TRIES = 3  # so often a message is begun; who then dies with it in hand has made it a dead letter

# One step, so that nobody takes from a listener that has just come back, or forgets it. Who is dead
# and has nothing left is forgotten.
MOVE_FROM_THE_DEAD = """
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local line = redis.call('LMOVE', KEYS[2], KEYS[3], 'RIGHT', 'LEFT')
if line then redis.call('HINCRBY', KEYS[4], line, 1) end
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('SREM', KEYS[5], ARGV[1]) end
return line
"""


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
def alive(redis: Client, show: Callable[[Client], None]) -> Iterator[None]:
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
    thread.join(LEASE)  # who leaves in peace shows nothing more; with Redis away nobody waits


def silent(redis: Client) -> list[str]:
    """The listeners that show no sign of life."""
    holders = [holder.decode() for holder in redis.smembers(HOLDERS)]
    signs = redis.mget([f"{PRESENT}:{holder}" for holder in holders]) if holders else []
    return [holder for holder, sign in zip(holders, signs, strict=True) if sign is None]


def move_from_dead(redis: Client, holder: str, mine: str) -> bool:
    """Move the oldest line of a listener to a list of ours, if it counts as dead and has one."""
    keys = (f"{PRESENT}:{holder}", f"{TAKEN}:{holder}", mine, FAILURES, HOLDERS)
    return redis.eval(MOVE_FROM_THE_DEAD, len(keys), *keys, holder) is not None
