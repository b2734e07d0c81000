"""Listen to the queue: a message goes to exactly one of its listeners.

With nobody listening, messages wait. One that a listener took before it died is gone.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from redis import Redis

from messaging.connection import BLOCK
from messaging.listening import listen
from messaging.names import QUEUE
from messaging.stopping import Stopping

FLAGS = {
    "oldest_first": "take the oldest message first (BRPOP): a real queue; without it the newest of "
    "a backlog comes first (LPUSH and BLPOP work on the same end, like a stack)",
    "until_empty": "leave when the queue is empty",
}


def receive(
    redis: Redis,
    stopping: Stopping,
    most: int = 1,
    *,
    oldest_first: bool = False,
    until_empty: bool = False,
) -> Iterator[list[bytes]]:
    """Yield lists of up to `most` lines taken from the queue; an empty one: from here on."""
    yield []
    pop, pop_more = (redis.brpop, redis.rpop) if oldest_first else (redis.blpop, redis.lpop)
    while not stopping.is_set():
        popped = pop([QUEUE], 0.01 if until_empty else BLOCK)
        if popped:
            more = pop_more(QUEUE, most - 1) if most > 1 else None
            yield [popped[1], *(more or [])]  # type: ignore[list-item] # nothing is decoded here
        elif until_empty:
            return


def waiting(redis: Redis, **_: bool) -> int:
    """How many messages nobody has taken."""
    return redis.llen(QUEUE)


if __name__ == "__main__":
    sys.exit(listen("prodcons", QUEUE, receive, waiting, FLAGS, __doc__))
