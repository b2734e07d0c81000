"""Listen to the channel: a message goes to every one of its listeners.

With nobody listening, messages are gone. So is, for a listener, what was sent while it was away.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from redis import Redis

from messaging.receiving.contract import Batch, Consumer, Item, LeftBehind, Ready
from messaging.receiving.script import listen
from patterns.pubsub import CHANNEL, PATTERN
from patterns.subscription import Subscription


def receive(redis: Redis, consumer: Consumer, most: int = 1) -> Iterator[Item]:
    """Hear the channel, one message at a time."""
    with Subscription(redis, consumer.stopping) as pubsub:
        pubsub.subscribe(CHANNEL)
        for heard in pubsub.listen():  # type: ignore[no-untyped-call]
            if heard["type"] == "subscribe":
                yield Ready()
            elif heard["type"] == "message" and not pubsub.is_overdue():
                yield Batch([heard["data"]])
            elif heard["type"] == "message":
                yield LeftBehind(1)  # it was sent to us and cannot be given back
        if pubsub.was_cut_short:
            yield LeftBehind(0, are_all=False)


if __name__ == "__main__":
    sys.exit(listen(PATTERN, receive, __doc__))
