"""Messages as a sender would make them, put where a pattern has them."""

import time

from redis import Redis

from messaging.message import Message
from web import SENDS


def message(body: str, seq: int = 1, sender: str = "web-12") -> Message:
    return Message(body, sender, seq, time.time())


def send(redis: Redis, name: str, *messages: Message | bytes) -> None:
    """Messages, or lines that may be none."""
    lines = [m if isinstance(m, bytes) else m.encode() for m in messages]
    SENDS[name](redis, lines)
