"""What the groups of the stream need beside XREADGROUP: to join, acknowledge, leave, take over."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from messaging.settings import KEY_PREFIX
from patterns.lua import script

STREAM = f"{KEY_PREFIX}stream:stream"  # stream; an entry has one field, «line»
DEAD = f"{KEY_PREFIX}stream:dead"  # list
GROUP = "listeners"  # whose members share the messages, unless told otherwise

FORGET_AFTER = 60_000  # milliseconds after which an idle consumer with nothing in hand is removed

REMOVE_DONE = script("stream_remove_done")
FORGET = script("stream_forget")


def join(redis: Redis, group: str) -> None:
    """Create the group if there is none; a new one begins with what is still in the stream."""
    try:
        redis.xgroup_create(STREAM, group, id="0", mkstream=True)
    except ResponseError as error:
        if not str(error).startswith("BUSYGROUP"):
            raise


@contextmanager
def rejoining(redis: Redis, group: str) -> Iterator[None]:
    """Swallow NOGROUP and create the group again: FLUSHALL, for one, removes groups."""
    try:
        yield
    except ResponseError as error:
        if not str(error).startswith(("NOGROUP", "UNBLOCKED")):
            raise
        join(redis, group)


def acknowledge(redis: Redis, group: str, ids: Sequence[bytes], dead: Sequence[bytes] = ()) -> None:
    """The group is done with these ids; `dead` are lines that go to the dead letters."""
    with redis.pipeline() as pipeline:  # all of it or nothing
        if dead:
            pipeline.lpush(DEAD, *dead)
        pipeline.xack(STREAM, group, *ids)
        pipeline.eval(REMOVE_DONE, 1, STREAM, *ids)
        pipeline.execute()


def forget(redis: Redis, group: str, consumer: str = "") -> None:
    """Remove a consumer that leaves from its group; without a name, those that were idle for long.

    A consumer that has something in hand stays, so that it can be taken over.
    """
    redis.eval(FORGET, 1, STREAM, group, FORGET_AFTER, consumer)


def pending(redis: Redis, group: str, consumer: str) -> dict[bytes, int]:
    """The ids that this consumer has in hand, and how often each was delivered."""
    entries: Any = redis.xpending_range(STREAM, group, "-", "+", 1000, consumer)
    return {entry["message_id"]: entry["times_delivered"] for entry in entries}


def renew_lease(redis: Redis, group: str, consumer: str) -> None:
    """Have Redis count from now how long this consumer is idle with what it has in hand."""
    if ids := list(pending(redis, group, consumer)):
        redis.xclaim(STREAM, group, consumer, 0, ids, justid=True)  # type: ignore[arg-type]


def lines_by_id(entries: Any) -> dict[bytes, bytes]:
    """The lines in entries of the stream, by their ids, in their order."""
    return {id_: line_of(fields) for id_, fields in entries}


def line_of(fields: Mapping[bytes, bytes]) -> bytes:
    """The line in an entry; of an entry that another program added, all its words."""
    if b"line" in fields:
        return fields[b"line"]
    return b" ".join(word for pair in fields.items() for word in pair)


def lag(told: Mapping[str, Any], kept: int) -> int:
    """How many of the kept messages a group was not given yet, by what XINFO GROUPS says of it.

    Redis counts this since 7.0, where it can; else it is as many as nobody there has in hand.
    """
    counted = told.get("lag")
    return max(0, kept - int(told["pending"])) if counted is None else min(kept, int(counted))


def to_be_read(redis: Redis, group: str) -> int:
    """How many messages the group was not given yet."""
    kept = redis.xlen(STREAM)
    known = {told["name"]: told for told in groups(redis)}
    return lag(known[group.encode()], kept) if group.encode() in known else kept


def groups(redis: Redis) -> list[dict[str, Any]]:
    """What Redis knows of each group; none where there is no stream."""
    with suppress(ResponseError):
        return redis.xinfo_groups(STREAM)
    return []
