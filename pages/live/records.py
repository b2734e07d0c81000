"""Redis keeps the last report of each process, and the last reset, for processes that start later.

A reset stores the last report of each process as its baseline; figures are what was counted since.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

from redis import Redis
from redis.client import Pipeline

from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS, RECORDS_KEPT_FOR, reports_channel
from messaging.settings import KEY_PREFIX
from pages.live.ledger import Ledger

RESET = f"{KEY_PREFIX}live:reset"  # string: when the last reset was, in ms since the epoch
BASELINES = f"{KEY_PREFIX}live:baselines"  # hash, with that time added: the baselines of that reset
RESET_DONE = b"reset"  # published among the reports, to make every ledger load the reset


def load(redis: Redis, ledger: Ledger, are_news: bool) -> None:
    """Count what Redis keeps, and store again what Redis has lost and the ledger still has."""
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    reset_at = _last_reset(redis)
    baselines: list[bytes] = redis.hvals(f"{BASELINES}:{reset_at}")  # type: ignore[assignment]
    ledger.load(readable(records.values()), reset_at, readable(baselines), are_news)
    with redis.pipeline() as pipeline:
        if ledger.reset_at > reset_at:
            pipeline.set(RESET, ledger.reset_at, ex=RECORDS_KEPT_FOR)
        known = (one.baseline for one in ledger.members.values() if one.baseline.n)
        _store_baselines(pipeline, ledger.reset_at, known)
        for id_, member in ledger.members.items():
            if id_.encode() not in records:
                pipeline.hsetnx(RECORDS, id_, member.report.encode())
        pipeline.expire(RECORDS, RECORDS_KEPT_FOR)
        pipeline.execute()


def reset_figures(redis: Redis) -> int:
    """Make all web processes count from here on, and return the time of the reset.

    The records of processes that have stopped are deleted, and those that cannot be read.
    """
    reset_at = time.time_ns() // 1_000_000
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    reports = readable(records.values())
    baselines = {report.id.encode(): report for report in reports if not report.left}
    with redis.pipeline() as pipeline:
        pipeline.set(RESET, reset_at, ex=RECORDS_KEPT_FOR)
        _store_baselines(pipeline, reset_at, baselines.values())
        for id_ in records.keys() - baselines.keys():
            pipeline.hdel(RECORDS, id_)
        pipeline.publish(reports_channel(), RESET_DONE)
        pipeline.execute()
    return reset_at


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
    """Return when the last reset was, or 0 if there was none or another program wrote there."""
    reset_at: bytes | None = redis.get(RESET)  # type: ignore[assignment] # nothing is decoded here
    return int(reset_at) if reset_at and reset_at.isdigit() else 0


def _store_baselines(pipeline: Pipeline, reset_at: int, baselines: Iterable[Report]) -> None:
    for baseline in baselines:
        pipeline.hset(f"{BASELINES}:{reset_at}", baseline.id, baseline.encode())
    pipeline.expire(f"{BASELINES}:{reset_at}", RECORDS_KEPT_FOR)
