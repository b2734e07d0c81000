"""The commands of a stream's groups beside XREADGROUP: join, acknowledge, renew, forget."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from patterns.machinery import lua_script
from patterns.stream import DEAD_LETTERS, STREAM

FORGET_AFTER = 60_000  # milliseconds that a consumer with nothing pending may be idle

ACKNOWLEDGE = lua_script("stream_acknowledge")
FORGET = lua_script("stream_forget")


def join(redis: Redis, group: str) -> None:
    """Create the group unless it exists; a new group begins with what is still in the stream."""
    try:
        redis.xgroup_create(STREAM, group, id="0", mkstream=True)
    except ResponseError as error:
        if not str(error).startswith("BUSYGROUP"):
            raise


@contextmanager
def rejoining(redis: Redis, group: str) -> Iterator[None]:
    """Swallow NOGROUP and UNBLOCKED, as after FLUSHALL, and create the group again."""
    try:
        yield
    except ResponseError as error:
        if not str(error).startswith(("NOGROUP", "UNBLOCKED")):
            raise
        join(redis, group)


def acknowledge(redis: Redis, group: str, ids: Sequence[bytes]) -> None:
    """Acknowledge these ids for the group."""
    redis.eval(ACKNOWLEDGE, 2, STREAM, DEAD_LETTERS, group, "", "", *ids)


def put_aside(redis: Redis, group: str, consumer: str, id_: bytes, line: bytes) -> bool:
    """Acknowledge an id for the group, and push its line onto the dead letters.

    Returns false if another consumer has taken it over from this one: a process may have been
    frozen right before.
    """
    given = (group, consumer, line, id_)
    return bool(redis.eval(ACKNOWLEDGE, 2, STREAM, DEAD_LETTERS, *given))


def forget(redis: Redis, group: str, consumer: str = "") -> None:
    """Remove a consumer from its group; without a name, remove those that were idle for long.

    A consumer with pending messages stays, so that others can take them over.
    """
    redis.eval(FORGET, 1, STREAM, group, FORGET_AFTER, consumer)


def pending(redis: Redis, group: str, consumer: str) -> dict[bytes, int]:
    """Return up to 1,000 ids pending for the consumer, and how often each was delivered."""
    entries: Any = redis.xpending_range(STREAM, group, "-", "+", 1000, consumer)
    return {entry["message_id"]: entry["times_delivered"] for entry in entries}


def renew_lease(redis: Redis, group: str, consumer: str) -> None:
    """Set the idle time of the consumer's pending messages to zero, which renews its lease."""
    if ids := list(pending(redis, group, consumer)):
        redis.xclaim(STREAM, group, consumer, 0, ids, justid=True)  # type: ignore[arg-type]
