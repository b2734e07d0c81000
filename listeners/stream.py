"""Listen to the stream: a message goes to one listener of each group, and is kept until it is done.

Listeners share a group unless told otherwise; one with a group of its own hears every message, also
those sent while it is away. What a listener had in hand when it died goes to another one of its
group, so it may be handled twice; after three deaths it is put aside as a dead letter.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from messaging.connection import BLOCK, Client
from messaging.groups import acknowledge, forget, in_hand, join, to_be_read
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

    def show(own: Client) -> None:
        if ids := in_hand(own, group, worker):
            own.xclaim(STREAM, group, worker, 0, ids, justid=True)

    join(redis, group)
    with alive(redis, show):
        yield []
        after = "0"  # first what was given to us over a connection that we lost; then what is new
        looking = Looking()
        while not stopping.is_set():
            if looking.is_due():
                yield from take_over(redis, stopping, group)
            read = redis.xreadgroup(group, worker, {STREAM: after}, most, BLOCK * 1000)
            if entries := read[0][1] if read else []:
                yield [fields[b"line"] for _, fields in entries]
                acknowledge(redis, group, [id_ for id_, _ in entries])
            else:
                after = ">"
    forget(redis, group, worker)


def take_over(redis: Client, stopping: Stopping, group: str) -> Iterator[TakenOver]:
    """Yield what the dead left, line by line: one of them may be what they died of."""
    after = b"0-0"
    while not stopping.is_set():
        claimed = redis.xautoclaim(
            STREAM, group, stopping.worker, int(LEASE * 1000), after, count=1
        )
        for id_, fields in claimed[1]:
            begun = redis.xpending_range(STREAM, group, id_, id_, 1)[0]["times_delivered"]
            taken = TakenOver([fields[b"line"]], begun - 1)
            yield taken
            acknowledge(redis, group, [id_], STREAM_DEAD if taken.are_dead else "", taken[0])
        if (after := claimed[0]) == b"0-0":
            return


def waiting(redis: Client, *, group: str = GROUP) -> int:
    """How many messages the group was not given yet."""
    return to_be_read(redis, group)


if __name__ == "__main__":
    sys.exit(listen("stream", STREAM, receive, waiting, OPTIONS, __doc__))
