"""Listen to the reliable queue: one listener gets a message, kept until it acknowledges it.

With nobody listening, messages wait. When a listener dies, its message is redelivered to another,
so it may be handled twice; after three deliveries without acknowledgement it is a dead letter.
"""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from redis import Redis

from messaging.connection import BLOCK, as_bytes
from messaging.receiving.contract import Batch, Consumer, Item, Ready
from messaging.receiving.script import listen
from patterns import reliable
from patterns.machinery.lease import TakeoverSchedule, heartbeats
from patterns.reliable import PATTERN, RELIABLE, taken_by


def receive(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    """Move the oldest message to a list of our own, and remove it there to acknowledge it."""
    mine, renew = taken_by(consumer.id), partial(reliable.renew_lease, consumer=consumer.id)
    with heartbeats(redis, renew):
        yield Ready(waiting=redis.llen(RELIABLE))
        yield from finish_ours(redis, consumer)  # pending since a lost connection
        takeover = TakeoverSchedule()
        while not consumer.stopping.is_set():
            if takeover.is_due():
                renew(redis)  # a frozen process has lost its lease
                # A promoted replica may not know what we did, and nobody else takes it over.
                yield from finish_ours(redis, consumer)
                yield from take_over(redis, consumer)
            line = redis.blmove(RELIABLE, mine, BLOCK, "RIGHT", "LEFT")
            if line is not None:
                yield Batch([as_bytes(line)])
                redis.lrem(mine, 1, line)  # type: ignore[arg-type] # bytes are fine as well
    reliable.give_up_lease(redis, consumer.id)


def take_over(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    """Take over from dead consumers, one message at a time: each may be what killed one."""
    for dead in reliable.without_lease(redis):
        while not consumer.stopping.is_set() and reliable.take_one_over(redis, dead, consumer.id):
            yield from finish_ours(redis, consumer)


def finish_ours(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    """Redeliver what is pending in our own list, and acknowledge it; put a dead letter aside."""
    for line in map(as_bytes, reversed(redis.lrange(taken_by(consumer.id), 0, -1))):
        batch = Batch([line], reliable.deaths(redis, consumer.id))
        if batch.is_dead_letter:
            if reliable.finish(redis, consumer.id, line, is_dead_letter=True):
                yield batch
        else:
            yield batch
            reliable.finish(redis, consumer.id, line)


if __name__ == "__main__":
    sys.exit(listen(PATTERN, receive, __doc__))
