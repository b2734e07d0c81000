"""The commands of a stream's groups beside XREADGROUP: join, acknowledge, renew, forget, count."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from messaging.settings import KEY_PREFIX
from patterns.lua import source

STREAM = f"{KEY_PREFIX}stream:stream"  # stream; each entry has one field, «line»
DEAD = f"{KEY_PREFIX}stream:dead"  # list of dead letters
GROUP = "listeners"  # the group of a listener that names no other

FORGET_AFTER = 60_000  # milliseconds that a consumer with nothing pending may be idle

REMOVE_DONE = source("stream_remove_done")
FORGET = source("stream_forget")


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


def acknowledge(redis: Redis, group: str, ids: Sequence[bytes], dead: Sequence[bytes] = ()) -> None:
    """Acknowledge these ids for the group; push the lines in `dead` onto the dead letters."""
    with redis.pipeline() as pipeline:  # a transaction, or a dead letter could be lost
        if dead:
            pipeline.lpush(DEAD, *dead)
        pipeline.xack(STREAM, group, *ids)
        pipeline.eval(REMOVE_DONE, 1, STREAM, *ids)
        pipeline.execute()


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


def lines_by_id(entries: Any) -> dict[bytes, bytes]:
    """Map the ids of stream entries to their lines, in the same order."""
    return {id_: line_of(fields) for id_, fields in entries}


def line_of(fields: Mapping[bytes, bytes]) -> bytes:
    """Return the line of an entry; of another program's entry, all its fields and values."""
    if b"line" in fields:
        return fields[b"line"]
    return b" ".join(word for pair in fields.items() for word in pair)


def lag(told: Mapping[str, Any], kept: int) -> int:
    """Return how many of the `kept` messages a group was not given yet; `told` is its XINFO GROUPS.

    Redis counts them since 7.0, but not always; else they are estimated as those not pending.
    """
    counted = told.get("lag")
    return max(0, kept - int(told["pending"])) if counted is None else min(kept, int(counted))


def to_be_read(redis: Redis, group: str) -> int:
    """Return how many messages the group was not given yet."""
    kept = redis.xlen(STREAM)
    known = {told["name"]: told for told in groups(redis)}
    return lag(known[group.encode()], kept) if group.encode() in known else kept


def groups(redis: Redis) -> list[dict[str, Any]]:
    """Return XINFO GROUPS of the stream, or an empty list if there is no stream."""
    with suppress(ResponseError):
        return redis.xinfo_groups(STREAM)
    return []
