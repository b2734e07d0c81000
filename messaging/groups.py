"""What the groups of a stream need beside XREADGROUP and XACK: how to join one, what to remove."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from redis.exceptions import ResponseError

from messaging.connection import Client
from messaging.names import STREAM

FORGET_AFTER = 60_000  # milliseconds after which a consumer that has nothing in hand is forgotten

# A message is removed when no group still has to be given it and none has it in hand.
REMOVE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return end
for _, id in ipairs(ARGV) do
  local ms, seq = id:match('(%d+)-(%d+)')
  local needed = false
  for _, fields in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local group = {}
    for i = 1, #fields, 2 do group[fields[i]] = fields[i + 1] end
    local last_ms, last_seq = group['last-delivered-id']:match('(%d+)-(%d+)')
    local behind = tonumber(ms) - tonumber(last_ms)
    if behind == 0 then behind = tonumber(seq) - tonumber(last_seq) end
    if behind > 0 or #redis.call('XPENDING', KEYS[1], group.name, id, id, 1) > 0 then
      needed = true
    end
  end
  if not needed then redis.call('XDEL', KEYS[1], id) end
end
"""

# A consumer that died stays in its group, also when what it had in hand was taken over.
FORGET = """
local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers.err then return end
for _, fields in ipairs(consumers) do
  local one = {}
  for i = 1, #fields, 2 do one[fields[i]] = fields[i + 1] end
  local meant = ARGV[3] == '' and one.idle > tonumber(ARGV[2]) or ARGV[3] == one.name
  if one.pending == 0 and meant then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], one.name)
  end
end
"""


def join(redis: Client, group: str) -> None:
    """Have this group; a new one begins with what is still in the stream."""
    try:
        redis.xgroup_create(STREAM, group, id="0", mkstream=True)
    except ResponseError as error:
        if not str(error).startswith("BUSYGROUP"):
            raise


@contextmanager
def joined(redis: Client, group: str) -> Iterator[None]:
    """Whoever finds its group gone, as after FLUSHALL, joins it again instead of what is inside."""
    try:
        yield
    except ResponseError as error:
        if not str(error).startswith(("NOGROUP", "UNBLOCKED")):
            raise
        join(redis, group)


def forget(redis: Client, group: str, consumer: str = "") -> None:
    """Have the group forget a consumer that leaves, or those of which nothing is heard any more.

    Whoever has something in hand stays, for that to be taken over.
    """
    redis.eval(FORGET, 1, STREAM, group, FORGET_AFTER, consumer)


def in_hand(redis: Client, group: str, consumer: str) -> dict[bytes, int]:
    """What was given to this consumer and not acknowledged: ids, and how often each was begun."""
    pending = redis.xpending_range(STREAM, group, "-", "+", 1000, consumer)
    return {entry["message_id"]: entry["times_delivered"] for entry in pending}


def line_of(fields: dict[bytes, bytes]) -> bytes:
    """The line in an entry; of one that others added, all its words."""
    if b"line" in fields:
        return fields[b"line"]
    return b" ".join(word for pair in fields.items() for word in pair)


def to_be_read(redis: Client, group: str) -> int:
    """How many messages the group was not given yet."""
    kept = int(redis.xlen(STREAM))
    known = {told["name"]: told for told in redis.xinfo_groups(STREAM)}
    return lag(known[group.encode()], kept) if group.encode() in known else kept


def lag(told: Mapping[str, Any], kept: int) -> int:
    """How many of the kept messages a group was not given yet, by what XINFO GROUPS tells of it.

    Redis counts this since 7.0, where it can; else it is as many as nobody there has in hand.
    """
    counted = told.get("lag")
    return max(0, kept - int(told["pending"])) if counted is None else min(kept, int(counted))
