"""What is kept at the place of a pattern, whatever kind of place that is."""

from typing import Any

import pytest
from redis import Redis

from messaging.message import Message
from patterns import PATTERNS

each_pattern = pytest.mark.parametrize("name", PATTERNS)
# Messages wait there although no listener has ever been there.
KEEPING = [name for name, pattern in PATTERNS.items() if pattern.keeps_forever]
SHARED = [name for name in KEEPING if not PATTERNS[name].everyone_hears]


def kept(redis: Redis, name: str) -> list[bytes]:
    """The lines that are kept there, oldest first."""
    client: Any = redis
    place = PATTERNS[name].place
    if redis.type(place) == b"stream":
        return [fields[b"line"] for _, fields in client.xrange(place)]
    if PATTERNS[name].keeps_forever:
        return list(reversed(client.lrange(place, 0, -1)))
    lines = PATTERNS[name].store.unfinished_lines(redis)  # by listener
    return [line for theirs in lines.values() for line in theirs]


def kept_messages(redis: Redis, name: str) -> list[Message]:
    return [Message.decode(line) for line in kept(redis, name)]


def untaken(redis: Redis, name: str) -> int:
    """How many messages no listener has taken."""
    return PATTERNS[name].store.look(redis).count


def keys(redis: Redis) -> list[bytes]:
    """All but those by which a web that another test uses tells of itself at any time."""
    client: Any = redis
    ours = (b"task:live:", b"task:jobs:")
    return [key for key in client.scan_iter("*") if not key.startswith(ours)]


def all_kept(redis: Redis) -> dict[str, int]:
    """How many messages each pattern keeps that keeps any."""
    return {name: len(kept(redis, name)) for name in KEEPING}
