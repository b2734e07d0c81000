"""Listen to the stream: a message goes to one listener of each group, and is kept until it is done.

Listeners share a group unless told otherwise; one with a group of its own hears every message, also
those sent while it is away. What a listener had in hand when it died goes to another one of its
group, so it may be handled twice; after three deaths it is put aside as a dead letter.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from messaging.connection import BLOCK, Client
from messaging.groups import REMOVE, forget, in_hand, join, joined, line_of, to_be_read
from messaging.listening import listen
from messaging.names import GROUP, STREAM, STREAM_DEAD
from messaging.stopping import Stopping
from messaging.takeover import LEASE, Looking, TakenOver, alive

OPTIONS = {
    "group": (GROUP, "who shares the messages with it; a group of its own hears every message"),
}


def receive(
    redis: Client, stopping: Stopping, most: int = 1, *, group: str = GROUP
) -> Iterator[list[bytes]]:
    """Yield lists of up to `most` lines given to our group; an empty one: from here on."""
    worker = stopping.worker

    def show(redis: Client) -> None:
        if ids := list(in_hand(redis, group, worker)):
            redis.xclaim(STREAM, group, worker, 0, ids, justid=True)

    join(redis, group)
    with alive(redis, show):
        yield []
        yield from take_up(redis, group, worker)  # given to us over a connection that we lost
        looking = Looking()
        while not stopping.is_set():
            with joined(redis, group):
                if looking.is_due():
                    yield from take_over(redis, stopping, group)
                read = redis.xreadgroup(group, worker, {STREAM: ">"}, most, int(BLOCK * 1000))
                for _, entries in read:
                    yield [line_of(fields) for _, fields in entries]
                    acknowledge(redis, group, [id_ for id_, _ in entries])
    forget(redis, group, worker)


def acknowledge(redis: Client, group: str, ids: list[bytes], dead: Sequence[bytes] = ()) -> None:
    """The group is done with these ids: what all groups are done with is removed.

    Lines that no listener survives are `dead`: they are put aside.
    """
    with redis.pipeline() as pipeline:  # all of it or nothing
        if dead:
            pipeline.lpush(STREAM_DEAD, *dead)
        pipeline.xack(STREAM, group, *ids)
        pipeline.eval(REMOVE, 1, STREAM, *ids)
        pipeline.execute()


def take_over(redis: Client, stopping: Stopping, group: str) -> Iterator[TakenOver]:
    """Yield what the dead left, line by line: one of them may be what they died of."""
    after, lease = b"0-0", int(LEASE * 1000)
    while not stopping.is_set():
        after, claimed, *_ = redis.xautoclaim(STREAM, group, stopping.worker, lease, after, count=1)
        if claimed:
            yield from take_up(redis, group, stopping.worker)
        if after == b"0-0":
            break
    forget(redis, group)


def take_up(redis: Client, group: str, worker: str) -> Iterator[TakenOver]:
    """Yield what is in our hand, each line with how often a listener died of it."""
    for id_, begun in in_hand(redis, group, worker).items():
        lines = [line_of(fields) for _, fields in redis.xrange(STREAM, id_, id_)]
        taken = TakenOver(lines, begun - 1)
        if taken:
            yield taken
        acknowledge(redis, group, [id_], taken if taken.are_dead else [])


def waiting(redis: Client, *, group: str = GROUP) -> int:
    """How many messages the group was not given yet."""
    return to_be_read(redis, group)


if __name__ == "__main__":
    sys.exit(listen("stream", STREAM, receive, waiting, OPTIONS, __doc__))
