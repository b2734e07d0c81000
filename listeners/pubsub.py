"""Listen to the channel: every connected listener gets a message.

With nobody listening, messages are lost. A listener misses what is sent while it is away.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from redis import Redis

from messaging.receiving.contract import Batch, Consumer, Item, LeftBehind, Ready
from messaging.receiving.script import listen
from patterns.machinery.subscription import Subscription
from patterns.pubsub import CHANNEL, PATTERN


def receive(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    """Subscribe to the channel and yield each message; count those that come too late."""
    pubsub = Subscription(redis, consumer.stopping)
    with pubsub:
        pubsub.subscribe(CHANNEL)
        for heard in pubsub.listen():  # type: ignore[no-untyped-call]
            if heard["type"] == "subscribe":
                yield Ready()
            elif heard["type"] == "message" and not pubsub.is_overdue():
                yield Batch([heard["data"]])
            elif heard["type"] == "message":
                yield LeftBehind(1)  # Redis cannot take back what it has sent
        if pubsub.was_cut_short:
            yield LeftBehind(0, are_all=False)


if __name__ == "__main__":
    sys.exit(listen(PATTERN, receive, __doc__))
