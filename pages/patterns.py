"""What the page says of each way of handing messages over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from redis import Redis

from messaging.names import CHANNEL, QUEUE, RELIABLE, RELIABLE_DEAD, STREAM, STREAM_DEAD
from messaging.sending import Write


@dataclass(frozen=True)
class Pattern:
    """A way of handing messages over, and what the page says of it."""

    send: Write
    place: str  # the queue or channel
    length: Callable[[Redis], int] | None  # how many messages wait, where they can
    shape: Literal["stack", "wave", "tank", "log"]  # as what the place is drawn, and looked into
    dead: str | None  # the list of messages that were put aside, where that is done
    noun: str  # what the place is
    short: str  # the title in a legend
    title: str
    chinese: str
    promise: str
    sends: str  # Redis commands
    receives: str


TOLD: dict[str, dict[str, Any]] = {
    "prodcons": {
        "place": QUEUE,
        "length": lambda redis: redis.llen(QUEUE),
        "shape": "stack",
        "dead": None,
        "noun": "queue",
        "short": "queue",
        "title": "Producer–consumer",
        "chinese": "生产消费者模式",
        "promise": "A message waits until exactly one listener takes it; "
        "if that listener or its connection then dies, it is gone.",
        "sends": "LPUSH",
        "receives": "BLPOP",
    },
    "pubsub": {
        "place": CHANNEL,
        "length": None,
        "shape": "wave",
        "dead": None,
        "noun": "channel",
        "short": "channel",
        "title": "Publish–subscribe",
        "chinese": "发布订阅者模式",
        "promise": "A message is sent to every listener that is there at that moment; "
        "for those who are not, it is gone.",
        "sends": "PUBLISH",
        "receives": "SUBSCRIBE",
    },
    "reliable": {
        "place": RELIABLE,
        "length": lambda redis: redis.llen(RELIABLE),
        "shape": "tank",
        "dead": RELIABLE_DEAD,
        "noun": "queue",
        "short": "reliable queue",
        "title": "Reliable queue",
        "chinese": "可靠队列",
        "promise": "A message waits until one listener takes it, and is kept until that one is "
        "done; if it dies, another takes over, so a message may be handled twice.",
        "sends": "LPUSH",
        "receives": "BLMOVE, LREM",
    },
    "stream": {
        "place": STREAM,
        "length": lambda redis: redis.xlen(STREAM),
        "shape": "log",
        "dead": STREAM_DEAD,
        "noun": "stream",
        "short": "stream",
        "title": "Stream",
        "chinese": "消息流",
        "promise": "A message is kept until one listener of each group has done it; "
        "if a listener dies, another of its group takes over, so it may be handled twice.",
        "sends": "XADD",
        "receives": "XREADGROUP, XACK",
    },
}


def describe(*sending: Write) -> dict[str, Pattern]:
    """The patterns by their names, which are those of the functions that send."""
    return {write.__name__: Pattern(send=write, **TOLD[write.__name__]) for write in sending}
