"""The ways of handing over that are compared, and what each promises."""

from dataclasses import dataclass, replace
from typing import Any

from messaging.connection import Client
from messaging.groups import lag
from messaging.message import Message
from messaging.names import CHANNEL, HOLDERS, QUEUE, RELIABLE, STREAM, TAKEN


@dataclass(frozen=True)
class Pattern:
    """A way, and how the lab tells it from the others."""

    name: str
    title: str
    promise: str
    link: str  # the function in web.py, and the script in listeners/
    place: str
    everyone: bool  # each listener hears each message; else one of them does
    keeps: bool  # while nobody is there
    redelivers: bool  # what a listener had in hand when it died
    stack: bool = False  # of a backlog the newest comes first
    own_group: bool = False
    send: bytes = b""  # the commands, as a proxy sees them
    take: bytes = b""
    acknowledge: bytes = b""

    def options(self, listener: str) -> list[str]:
        return ["--group", listener] if self.own_group else []

    def left(self, redis: Client) -> int:
        """How many messages are not done yet, as far as Redis knows."""
        if self.link == "prodcons":
            return int(redis.llen(QUEUE))
        if self.link == "reliable":
            holders = redis.smembers(HOLDERS)
            with redis.pipeline(transaction=False) as pipeline:
                pipeline.llen(RELIABLE)
                for holder in holders:
                    pipeline.llen(f"{TAKEN}:{holder.decode()}")
                return int(sum(pipeline.execute()))
        return left_in_groups(redis) if self.link == "stream" else 0

    def remaining(self, redis: Client) -> dict[str, set[str]]:
        """The ids of these, by the group that they wait for, or for «all»."""
        lines: dict[str, list[Any]] = {"all": []}
        if self.link == "prodcons":
            lines["all"] = redis.lrange(QUEUE, 0, -1)
        elif self.link == "reliable":
            lines["all"] = redis.lrange(RELIABLE, 0, -1)
            for taken in redis.scan_iter(f"{TAKEN}:*"):
                lines["all"] += redis.lrange(taken, 0, -1)
        elif self.link == "stream" and redis.exists(STREAM):
            for group in redis.xinfo_groups(STREAM):
                name = group["name"].decode()
                entries = redis.xrange(STREAM, f"({group['last-delivered-id'].decode()}")
                for pending in redis.xpending_range(STREAM, name, "-", "+", 10**6):
                    entries += redis.xrange(STREAM, pending["message_id"], count=1)
                lines[name if self.own_group else "all"] = [f[b"line"] for _, f in entries]
        return {
            name: {str(Message.decode(line).id) for line in waiting}
            for name, waiting in lines.items()
        }


def left_in_groups(redis: Client) -> int:
    """Messages that a group of the stream has in hand or was not given yet; of all groups."""
    if not redis.exists(STREAM):
        return 0
    kept = int(redis.xlen(STREAM))
    groups = redis.xinfo_groups(STREAM)
    return sum(int(group["pending"]) + lag(group, kept) for group in groups) if groups else kept


_STREAM = Pattern(
    "stream",
    "Stream",
    "A message is kept until one listener is done; if that one dies, another takes over.",
    "stream",
    STREAM,
    everyone=False,
    keeps=True,
    redelivers=True,
    send=b"XADD",
    take=b"XREADGROUP",
    acknowledge=b"XACK",
)
PATTERNS = {
    one.name: one
    for one in (
        Pattern(
            "prodcons",
            "Producer–consumer",
            "A message waits until one listener takes it; if that one then dies, it is gone.",
            "prodcons",
            QUEUE,
            everyone=False,
            keeps=True,
            redelivers=False,
            stack=True,
            send=b"LPUSH",
            take=b"BLPOP",
        ),
        Pattern(
            "pubsub",
            "Publish–subscribe",
            "A message goes to every listener that is there at that moment; for others it is gone.",
            "pubsub",
            CHANNEL,
            everyone=True,
            keeps=False,
            redelivers=False,
            send=b"PUBLISH",
            take=b"SUBSCRIBE",
        ),
        Pattern(
            "reliable",
            "Reliable queue",
            "A message waits until one listener has done it; if that one dies, another takes over.",
            "reliable",
            RELIABLE,
            everyone=False,
            keeps=True,
            redelivers=True,
            send=b"LPUSH",
            take=b"BLMOVE",
            acknowledge=b"LREM",
        ),
        _STREAM,
        replace(
            _STREAM,
            name="stream-each",
            title="Stream, a group each",
            promise="A message is kept until every listener has done it, also those that are away.",
            everyone=True,
            own_group=True,
        ),
    )
}
