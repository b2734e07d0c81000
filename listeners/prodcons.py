"""Listen to the queue: exactly one of its listeners gets a message.

With nobody listening, messages wait. A message that a listener has taken is lost when it dies.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from redis import Redis

from messaging.connection import BLOCK, as_bytes
from messaging.receiving.contract import Batch, Consumer, Item, Ready
from messaging.receiving.script import listen
from patterns.prodcons import PATTERN, QUEUE


def receive(
    redis: Redis, consumer: Consumer, *, oldest_first: bool = False, until_empty: bool = False
) -> Iterator[Item]:
    """Take the newest message first, like a stack, unless `oldest_first` is true."""
    pop = redis.brpop if oldest_first else redis.blpop
    yield Ready(waiting=redis.llen(QUEUE))
    while not consumer.stopping.is_set():
        popped = pop([QUEUE], 0.01 if until_empty else BLOCK)  # 0 would block for ever
        if popped:
            yield Batch([as_bytes(popped[1])])
        elif until_empty:
            return


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--oldest-first",
        action="store_true",
        help="take the oldest message first (BRPOP): a real queue; without it the newest of a "
        "backlog comes first (LPUSH and BLPOP work on the same end, like a stack)",
    )
    parser.add_argument("--until-empty", action="store_true", help="leave when the queue is empty")


if __name__ == "__main__":
    sys.exit(listen(PATTERN, receive, __doc__, add_arguments))
