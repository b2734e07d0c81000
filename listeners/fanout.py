"""Listen by fan-out: every listener has a list of its own, and each message goes to every list.

With nobody listening, messages wait for a minute for each --name that listened before. Listeners
of one --name share its list. A message that a listener has taken is lost when it dies.
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
from patterns.fanout import PATTERN, list_of, register
from patterns.machinery.lease import heartbeats


def receive(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    """Register a list, send a heartbeat each second, and take the oldest message first."""
    mine = list_of(consumer.name)
    with heartbeats(redis, partial(register, listener=consumer.name)):
        yield Ready(waiting=redis.llen(mine))
        while not consumer.stopping.is_set():
            if popped := redis.blpop([mine], BLOCK):
                yield Batch([as_bytes(popped[1])])


if __name__ == "__main__":
    sys.exit(listen(PATTERN, receive, __doc__))
