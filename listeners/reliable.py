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

from messaging.connection import BLOCK, raw
from messaging.receiving.contract import Batch, Consumer, Item, Ready
from messaging.receiving.script import listen
from patterns.lease import TakeoverSchedule, renewed
from patterns.reliable import (
    PATTERN,
    RELIABLE,
    dead_holders,
    failures,
    finish,
    give_up_lease,
    renew_lease,
    take_one_over,
    taken_by,
)


def receive(redis: Redis, consumer: Consumer, most: int = 1) -> Iterator[Item]:
    """Move the oldest message to a list of our own, and remove it there to acknowledge it."""
    mine, renew = taken_by(consumer.name), partial(renew_lease, consumer=consumer.name)
    with renewed(redis, renew):
        yield Ready(waiting=redis.llen(RELIABLE))
        yield from finish_ours(redis, consumer)  # pending since a lost connection
        takeover = TakeoverSchedule()
        while not consumer.stopping.is_set():
            if takeover.is_due():
                renew(redis)  # a frozen process has lost its lease
                yield from take_over(redis, consumer)
            line = raw(redis.blmove(RELIABLE, mine, BLOCK, "RIGHT", "LEFT"))
            if line is not None:
                lines = [line, *move_more(redis, mine, most - 1)]
                yield Batch(lines)
                for line in lines:
                    redis.lrem(mine, 1, line)  # type: ignore[arg-type] # bytes are fine as well
    give_up_lease(redis, consumer.name)


def move_more(redis: Redis, mine: str, most: int) -> list[bytes]:
    """Move up to `most` more waiting lines to our list."""
    with redis.pipeline(transaction=False) as pipeline:
        for _ in range(most):
            pipeline.lmove(RELIABLE, mine, "RIGHT", "LEFT")
        return [line for line in pipeline.execute() if line is not None]


def take_over(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    """Take over from dead consumers, one message at a time: each may be what killed one."""
    for dead in dead_holders(redis):
        while not consumer.stopping.is_set() and take_one_over(redis, dead, consumer.name):
            yield from finish_ours(redis, consumer)


def finish_ours(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    """Redeliver what is pending in our own list, and acknowledge it."""
    for line in reversed(redis.lrange(taken_by(consumer.name), 0, -1)):
        batch = Batch([raw(line)], failures(redis, consumer.name))
        yield batch
        finish(redis, consumer.name, raw(line), batch.is_dead)


if __name__ == "__main__":
    sys.exit(listen(PATTERN, receive, __doc__))
