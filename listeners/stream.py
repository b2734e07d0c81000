"""Listen to the stream: one listener of each group gets a message, kept until it acknowledges it.

With nobody listening, messages wait. All listeners share one group by default; a listener in a
group of its own gets every message. When a listener dies, its message is redelivered in its group,
so it may be handled twice; after three deliveries without acknowledgement it is a dead letter.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from redis import Redis

from messaging.connection import BLOCK
from messaging.receiving.contract import Batch, Consumer, Item, Ready
from messaging.receiving.script import listen, listener_name
from patterns.machinery import groups, lease
from patterns.machinery.lease import TakeoverSchedule, heartbeats
from patterns.machinery.stream_store import lines_by_id
from patterns.stream import GROUP, PATTERN, STORE, STREAM


def receive(redis: Redis, consumer: Consumer, *, group: str = GROUP) -> Iterator[Item]:
    """Read the oldest message that our group was not given yet, and acknowledge it."""
    milliseconds = int(BLOCK * 1000)
    groups.join(redis, group)
    with heartbeats(redis, partial(groups.renew_lease, group=group, consumer=consumer.id)):
        yield Ready(waiting=STORE.to_be_read(redis, group))
        yield from finish_ours(redis, consumer, group)  # pending since a lost connection
        takeover = TakeoverSchedule()
        while not consumer.stopping.is_set():
            with groups.rejoining(redis, group):
                if takeover.is_due():
                    # A promoted replica may not know what we did, and nobody else takes it over.
                    yield from finish_ours(redis, consumer, group)
                    yield from take_over(redis, consumer, group)
                read = redis.xreadgroup(group, consumer.id, {STREAM: ">"}, 1, milliseconds)
                for entries in dict(read).values():
                    lines = lines_by_id(entries)
                    yield Batch([*lines.values()])
                    groups.acknowledge(redis, group, [*lines])
    groups.forget(redis, group, consumer.id)


def take_over(redis: Redis, consumer: Consumer, group: str) -> Iterator[Item]:
    """Take over from dead consumers, one message at a time: each may be what killed one."""
    after, idle = b"0-0", int(lease.LEASE * 1000)
    while not consumer.stopping.is_set():
        after, claimed, *_ = redis.xautoclaim(STREAM, group, consumer.id, idle, after, count=1)
        if claimed:
            yield from finish_ours(redis, consumer, group)
        if after == b"0-0":
            break
    groups.forget(redis, group)


def finish_ours(redis: Redis, consumer: Consumer, group: str) -> Iterator[Item]:
    """Redeliver what is pending for us, and acknowledge it."""
    for id_, deliveries in groups.pending(redis, group, consumer.id).items():
        lines = lines_by_id(redis.xrange(STREAM, id_, id_))
        batch = Batch([*lines.values()], deliveries - 1)
        if batch.is_dead_letter and batch.lines:
            if groups.put_aside(redis, group, consumer.id, id_, batch.lines[0]):
                yield batch
        else:
            yield batch  # without a line where the entry was deleted, which stays pending
            groups.acknowledge(redis, group, [id_])


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--group",
        type=listener_name,
        default=GROUP,
        metavar="NAME",
        help="who shares the messages with it; a group of its own hears every message; "
        "default: %(default)s",
    )


if __name__ == "__main__":
    sys.exit(listen(PATTERN, receive, __doc__, add_arguments))
