"""Redis keeps the last report of each process, and the last reset, for processes that start later.

A reset is a moment. Each process counts what was sent after it, as soon as it knows of it.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import ResponseError

from messaging.connection import as_number, explain
from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS, RECORDS_KEPT_FOR, RESET, reports_channel
from pages.live.ledger import Ledger
from pages.live.retired import retire
from patterns import PATTERNS

RESET_DONE = b"reset"  # published among the reports, to make every ledger load what is kept


def load(redis: Redis, ledger: Ledger, are_news: bool) -> None:
    """Count what Redis keeps, and store again what Redis has lost and the ledger still has."""
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    reset_at = _last_reset(redis)
    ledger.load(readable(records.values()), reset_at, are_news)
    with redis.pipeline(transaction=False) as pipeline:
        if ledger.reset_at > reset_at:
            pipeline.set(RESET, ledger.reset_at, ex=RECORDS_KEPT_FOR)
        for id_, member in ledger.members.items():
            if id_.encode() not in records:
                pipeline.hsetnx(RECORDS, id_, member.report.encode())
        pipeline.expire(RECORDS, RECORDS_KEPT_FOR)
        pipeline.execute(raise_on_error=False)  # a full Redis gets them the next time


def retire_those_that_left(redis: Redis) -> None:
    """Sum up the records of processes that have left, where they are many, in one of them."""
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    whole = {report.id.encode() for report in readable(records.values())}
    readable_ones = {id_: line for id_, line in records.items() if id_ in whole}
    if retire(redis, readable_ones, _last_reset(redis)):
        redis.publish(reports_channel(), RESET_DONE)


def reset_figures(redis: Redis) -> int:
    """Make all processes count from here on, and return the time of the reset.

    The records of processes that have stopped are deleted, and those that cannot be read.
    """
    reset_at = max(time.time_ns() // 1_000_000, _last_reset(redis) + 1)
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    living = {one.id.encode() for one in readable(records.values()) if not one.left}
    with redis.pipeline() as pipeline:
        pipeline.set(RESET, reset_at, ex=RECORDS_KEPT_FOR)
        for id_ in records.keys() - living:
            pipeline.hdel(RECORDS, id_)
        pipeline.publish(reports_channel(), RESET_DONE)
        pipeline.execute()
    return reset_at


@dataclass
class Emptied:
    """How many messages were deleted, and sentences on what Redis refused to delete."""

    count: int = 0
    refused: list[str] = field(default_factory=list)


def empty_all(redis: Redis) -> Emptied:
    """Delete what waits in every pattern, also when Redis refuses it for one of them."""
    emptied = Emptied()
    for pattern in PATTERNS.values():
        try:
            emptied.count += pattern.store.empty(redis)
        except ResponseError as error:
            what = f"{pattern.words.title}: not emptied."
            emptied.refused.append(f"{what} {explain(error)}")
    return emptied


def is_whole(redis: Redis, ledger: Ledger) -> bool:
    """Return whether Redis has the ledger's reset and readable records; a flush deletes both."""
    ids, known = set(redis.hkeys(RECORDS)), {id_.encode() for id_ in ledger.members}
    lines: list[bytes | None] = redis.hmget(RECORDS, [*ids - known]) if ids - known else []  # type: ignore[assignment]
    are_known = all(report.id in ledger.members for report in readable(filter(None, lines)))
    return known <= ids and are_known and _last_reset(redis) == ledger.reset_at


def readable(lines: Iterable[bytes]) -> Iterator[Report]:
    """Yield the reports among these lines; other programs may write to the same place."""
    for line in lines:
        with suppress(ValueError):
            yield Report.decode(line)


def _last_reset(redis: Redis) -> int:
    """Return when the last reset was, in ms since the epoch; 0 if there was none."""
    return as_number(redis.get(RESET))
