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
from messaging.takeover import LEASE, Looking, TakenOver, alive


def receive(redis: Client, stopping: Stopping, most: int = 1) -> Iterator[list[bytes]]:
    """Yield lists of up to `most` lines moved to a list of our own; an empty one: from here on."""
    mine = f"{TAKEN}:{stopping.worker}"

    def show(own: Client) -> None:
        with own.pipeline() as pipeline:
            pipeline.sadd(HOLDERS, stopping.worker)
            pipeline.set(f"{PRESENT}:{stopping.worker}", 1, px=int(LEASE * 1000))
            pipeline.execute()

    with alive(redis, show):
        yield []
        if left := redis.lrange(mine, 0, -1):  # by a connection that we lost
            yield left[::-1]
            done(redis, mine, left)
        looking = Looking()
        while not stopping.is_set():
            if looking.is_due():
                yield from take_over(redis, stopping)
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


def take_over(redis: Client, stopping: Stopping) -> Iterator[TakenOver]:
    """Yield what the dead left, line by line: one of them may be what they died of."""
    mine = f"{TAKEN}:{stopping.worker}"
    for holder in redis.smembers(HOLDERS):
        name = holder.decode()
        if redis.exists(f"{PRESENT}:{name}"):
            continue
        while not stopping.is_set():
            if (line := redis.lmove(f"{TAKEN}:{name}", mine, "RIGHT", "LEFT")) is None:
                redis.srem(HOLDERS, name)
                break
            taken = TakenOver([line], redis.hincrby(FAILURES, line, 1))
            yield taken
            done(redis, mine, taken, taken.are_dead)


def done(redis: Client, mine: str, lines: list[bytes], are_dead: bool = False) -> None:
    """Forget these lines of ours, and how often they failed; the dead are put aside."""
    with redis.pipeline() as pipeline:
        for line in lines:
            if are_dead:
                pipeline.lpush(RELIABLE_DEAD, line)
            pipeline.lrem(mine, 1, line)
            pipeline.hdel(FAILURES, line)
        pipeline.execute()


def waiting(redis: Client) -> int:
    """How many messages nobody has taken."""
    return int(redis.llen(RELIABLE))


if __name__ == "__main__":
    sys.exit(listen("reliable", RELIABLE, receive, waiting, about=__doc__))
