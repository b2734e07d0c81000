"""The store of a stream: its entries, what each group still has to do, and the dead letters."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from patterns.declaration.store import LINES_SHOWN, Backlog, Store, delete, look_aside
from patterns.machinery import lua_script

STEP = 1000  # entries that one step removes, in some milliseconds
MOST_PENDING = 10**6  # pending entries that one command may return

EMPTY = lua_script("stream_empty")


class StreamStore(Store):
    """Counts, shows and deletes the entries of a stream, each of which has one field, «line»."""

    nothing = Backlog(more={"kept": 0, "groups": 0})

    def __init__(self, stream: str, dead_letters: str) -> None:
        self._stream, self._dead_letters = stream, dead_letters

    def look(self, redis: Redis) -> Backlog:
        kept = redis.xlen(self._stream)
        groups = self._groups_with_lag(redis, kept)
        after, count = b"", kept  # a new group would begin with all that is there
        if groups:
            # The slowest group waits for all that any other group waits for.
            slowest = min(groups, key=_last_delivered)
            after, count = slowest["last-delivered-id"], slowest["lag"]
        lines = self._lines(redis, b"(" + after if after else b"-", LINES_SHOWN) if count else []
        # A lag can be an estimate; who is shown all lines sees how many there are.
        count = max(count, len(lines)) if len(lines) == LINES_SHOWN else len(lines)
        more, oldest = {"kept": kept, "groups": len(groups)}, lines[0] if lines else None
        return Backlog(count, lines, oldest, *look_aside(redis, self._dead_letters), more)

    def length(self, redis: Redis) -> int:
        return redis.xlen(self._stream)

    def unfinished(self, redis: Redis, names: Iterable[str] = ()) -> int:
        kept = redis.xlen(self._stream)
        groups = self._groups_with_lag(redis, kept)
        return sum(one["pending"] + one["lag"] for one in groups) if groups else kept

    def unfinished_lines(self, redis: Redis, names: Iterable[str] = ()) -> dict[str, list[bytes]]:
        groups = self._groups(redis)
        found: dict[str, list[bytes]] = {} if groups else {"all": self._lines(redis, b"-")}
        for group in groups:
            group_name: Any = group["name"]  # of another program, it may be no text
            name = group_name.decode(errors="backslashreplace")
            found[name] = self._lines(redis, b"(" + group["last-delivered-id"])
            pending: Any = redis.xpending_range(self._stream, group_name, "-", "+", MOST_PENDING)
            for entry in pending:
                found[name] += self._lines(redis, entry["message_id"], 1)
        return found

    def empty(self, redis: Redis) -> int:
        redis.llen(self._dead_letters)  # raises for another type, before any entry is removed
        removed, after, last = redis.eval(EMPTY, 1, self._stream, "", "", STEP)
        while after:
            more, after, last = redis.eval(EMPTY, 1, self._stream, after, last, STEP)
            removed += more
        return int(removed) + delete(redis, self._dead_letters)

    def keys(self, redis: Redis, names: Iterable[str]) -> list[str]:
        return [self._stream, self._dead_letters]

    def to_be_read(self, redis: Redis, group: str) -> int:
        """Return how many messages the group was not given yet."""
        kept = redis.xlen(self._stream)
        groups = self._groups_with_lag(redis, kept)
        lags: dict[bytes, int] = {one["name"]: one["lag"] for one in groups}
        return lags.get(group.encode(), kept)

    def _groups(self, redis: Redis) -> list[dict[str, Any]]:
        """Return XINFO GROUPS of the stream, or an empty list if there is no stream."""
        with suppress(ResponseError):
            return redis.xinfo_groups(self._stream)
        return []

    def _groups_with_lag(self, redis: Redis, kept: int) -> list[dict[str, Any]]:
        """Return the same; `lag` is how many of the `kept` messages a group was not given yet."""
        groups, newest = self._groups(redis), b"0-0"
        if any(one.get("lag") is None for one in groups):
            last: Any = redis.xrevrange(self._stream, count=1)
            newest = last[0][0] if last else newest
        return [one | {"lag": lag(one, kept, newest)} for one in groups]

    def _lines(self, redis: Redis, first: bytes, count: int | None = None) -> list[bytes]:
        """Return the lines of entries from the id `first` on."""
        return list(lines_by_id(redis.xrange(self._stream, first, "+", count)).values())


def _last_delivered(group: Mapping[str, Any]) -> list[int]:
    return _parts(group["last-delivered-id"])


def _parts(id_: bytes) -> list[int]:
    return [int(part) for part in id_.split(b"-")]


def lag(group: Mapping[str, Any], kept: int, newest: bytes) -> int:
    """Return how many of the `kept` messages a group was not given yet, from its XINFO GROUPS.

    Redis counts them since 7.0, but not always. Else there is none if the group was given the
    newest, and otherwise they are estimated as those not pending, at least one.
    """
    if (counted := group.get("lag")) is not None:
        return min(kept, int(counted))
    if _last_delivered(group) >= _parts(newest):
        return 0
    return max(1, kept - int(group["pending"]))


def lines_by_id(entries: Any) -> dict[bytes, bytes]:
    """Map the ids of stream entries to their lines, in the same order.

    The line of another program's entry is made of all its fields and values.
    """
    return {id_: one.get(b"line", b" ".join(chain(*one.items()))) for id_, one in entries}
