"""Listen to the channel: a message goes to every one of its listeners.

With nobody listening, messages are gone. So is, for a listener, what was sent while it was away.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from any directory

from redis import Redis

from messaging.listening import listen
from messaging.names import CHANNEL
from messaging.silence import pinged
from messaging.stopping import Stopping


def receive(redis: Redis, stopping: Stopping, most: int = 1) -> Iterator[list[bytes]]:
    """Yield lists of one line heard on the channel; an empty one: from here on, or again."""
    with redis.pubsub() as pubsub:  # type: ignore[no-untyped-call]
        pubsub.subscribe(CHANNEL)
        with stopping.ending(pubsub), pinged(pubsub) as hearing:
            for heard in hearing.of(pubsub.listen()):
                if heard["type"] == "message" and not stopping.is_overdue():
                    yield [heard["data"]]
                elif heard["type"] == "message":
                    stopping.left_behind += 1  # it was sent to us and cannot be given back
                elif heard["type"] == "subscribe" and not stopping.is_set():
                    yield []
                else:
                    return  # unsubscribed, or cut off before that was confirmed


if __name__ == "__main__":
    sys.exit(listen("pubsub", CHANNEL, receive, about=__doc__))
