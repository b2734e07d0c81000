"""Redis keeps the last report of each process, and the last reset, for processes that start later.

A reset is a moment. Each process counts what was sent after it, as soon as it knows of it.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import ResponseError

from messaging.connection import explain
from messaging.reporting.report import Report
from messaging.reporting.reporter import (
    RECORDS,
    RECORDS_KEPT_FOR,
    RESET,
    last_reset,
    reports_channel,
)
from pages.live.ledger import Ledger
from pages.live.retired import retire
from patterns import PATTERNS

LOAD_ANEW = b"load"  # published among the reports: every ledger loads what is kept


def load(redis: Redis, ledger: Ledger, are_news: bool) -> None:
    """Count what Redis keeps, and store again what Redis has lost and the ledger still has."""
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    reset_at, reports = last_reset(redis), true_records(records)
    ledger.load(reports.values(), reset_at, are_news)
    ledger.unreadable = records.keys() - reports.keys()
    with redis.pipeline(transaction=False) as pipeline:
        if ledger.reset_at > reset_at:
            pipeline.set(RESET, ledger.reset_at, ex=RECORDS_KEPT_FOR)
        for id_, member in ledger.members.items():
            if id_.encode() not in reports:
                if id_.encode() in records:  # something that another program has put there
                    pipeline.hdel(RECORDS, id_)
                pipeline.hsetnx(RECORDS, id_, member.report.encode())
        pipeline.expire(RECORDS, RECORDS_KEPT_FOR)
        pipeline.execute(raise_on_error=False)  # a full Redis gets them the next time


def retire_those_that_left(redis: Redis) -> None:
    """Sum up the records of processes that have left, where they are many, in one of them."""
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    with suppress(ResponseError):  # a full Redis refuses; it is tried again
        if retire(redis, records, true_records(records).values(), last_reset(redis)):
            redis.publish(reports_channel(), LOAD_ANEW)


def reset_figures(redis: Redis) -> int:
    """Make all processes count from here on, and return the time of the reset.

    The records of processes that have stopped are deleted, and those that cannot be read.
    """
    reset_at = max(time.time_ns() // 1_000_000, last_reset(redis) + 1)
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    living = {id_ for id_, one in true_records(records).items() if not one.left}
    redis.set(RESET, reset_at, ex=RECORDS_KEPT_FOR)  # from here on it holds
    with redis.pipeline(transaction=False) as pipeline:
        for id_ in records.keys() - living:
            pipeline.hdel(RECORDS, id_)
        pipeline.publish(reports_channel(), LOAD_ANEW)
        pipeline.execute(raise_on_error=False)  # without it, all learn of it within a second
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
    return ids - ledger.unreadable == known and last_reset(redis) == ledger.reset_at


def true_records(records: Mapping[bytes, bytes]) -> dict[bytes, Report]:
    """Return the records that processes wrote, by field; other programs may write there, too."""
    reports = {id_: one for id_, line in records.items() for one in readable([line])}
    return {id_: one for id_, one in reports.items() if one.id.encode() == id_}


def readable(lines: Iterable[bytes]) -> Iterator[Report]:
    """Yield the reports among these lines; other programs may write to the same place."""
    for line in lines:
        with suppress(ValueError):
            if (report := Report.decode(line)).pattern in PATTERNS:
                yield report
