"""Listen to the reliable queue: a message goes to one listener, and is kept until it is done.

With nobody listening, messages wait. What a listener had in hand when it died goes to another one,
so it may be handled twice; after three deaths it is put aside as a dead letter.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from messaging.connection import BLOCK, Client
from messaging.listening import listen
from messaging.names import FAILURES, HOLDERS, PRESENT, RELIABLE, RELIABLE_DEAD, TAKEN
from messaging.stopping import Stopping
from messaging.takeover import LEASE, Looking, TakenOver, alive, move_from_dead, silent


def receive(redis: Client, stopping: Stopping, most: int = 1) -> Iterator[list[bytes]]:
    """Yield lists of up to `most` lines moved to a list of our own; an empty one: from here on."""
    mine = f"{TAKEN}:{stopping.worker}"

    def show(redis: Client) -> None:
        with redis.pipeline() as pipeline:
            pipeline.sadd(HOLDERS, stopping.worker)
            pipeline.set(f"{PRESENT}:{stopping.worker}", 1, px=int(LEASE * 1000))
            pipeline.execute()

    with alive(redis, show):
        yield []
        yield from take_up(redis, mine)  # what was moved over a connection that we lost
        looking = Looking()
        while not stopping.is_set():
            if looking.is_due():
                show(redis)  # who was frozen counted as dead
                yield from take_over(redis, stopping, mine)
            line = redis.blmove(RELIABLE, mine, BLOCK, "RIGHT", "LEFT")
            if line is not None:
                lines = [line, *move_more(redis, mine, most - 1)]
                yield lines
                for line in lines:
                    redis.lrem(mine, 1, line)
    redis.srem(HOLDERS, stopping.worker)
    redis.delete(f"{PRESENT}:{stopping.worker}")


def move_more(redis: Client, mine: str, most: int) -> list[bytes]:
    """Up to so many more lines that wait."""
    with redis.pipeline(transaction=False) as pipeline:
        for _ in range(most):
            pipeline.lmove(RELIABLE, mine, "RIGHT", "LEFT")
        return [line for line in pipeline.execute() if line is not None]


def take_over(redis: Client, stopping: Stopping, mine: str) -> Iterator[TakenOver]:
    """Yield what the dead left, line by line: one of them may be what they died of."""
    for holder in silent(redis):
        while not stopping.is_set() and move_from_dead(redis, holder, mine):
            yield from take_up(redis, mine)


def take_up(redis: Client, mine: str) -> Iterator[TakenOver]:
    """Yield what is in our list, each line with how often a listener died of it."""
    for line in reversed(redis.lrange(mine, 0, -1)):
        taken = TakenOver([line], int(redis.hget(FAILURES, line) or 0))
        yield taken
        with redis.pipeline() as pipeline:  # all of it or nothing
            if taken.are_dead:
                pipeline.lpush(RELIABLE_DEAD, line)
            pipeline.lrem(mine, 1, line)
            pipeline.hdel(FAILURES, line)
            pipeline.execute()


def waiting(redis: Client) -> int:
    """How many messages nobody has taken."""
    return int(redis.llen(RELIABLE))


if __name__ == "__main__":
    sys.exit(listen("reliable", RELIABLE, receive, waiting, about=__doc__))
