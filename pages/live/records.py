"""Redis keeps the last report of each process, and the zeros, for web processes that start later.

The zeros are the last reports before the figures were zeroed; they are subtracted from later ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from redis import Redis

from messaging.reporting.report import NoReportError, Report
from messaging.reporting.reporter import RECORDS, RECORDS_KEPT_FOR
from messaging.settings import KEY_PREFIX
from pages.live.ledger import Ledger

RESET = f"{KEY_PREFIX}live:reset"  # string: the time when the figures were last zeroed
ZEROS = f"{KEY_PREFIX}live:zeros"  # hash, with that time added: each process' last report before it


def load(redis: Redis, ledger: Ledger) -> None:
    """Count what Redis keeps, and store again what Redis has lost and the ledger still has."""
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    kept: bytes | None = redis.get(RESET)  # type: ignore[assignment] # nothing is decoded here
    zeroed = kept.decode(errors="replace") if kept else ""
    zeros: dict[bytes, bytes] = redis.hgetall(f"{ZEROS}:{zeroed}")  # type: ignore[assignment]
    ledger.load(readable(records.values()), zeroed, readable(zeros.values()))
    if ledger.zeroed > zeroed:
        keep_zeros(redis, ledger)
    lost = [report for report in ledger.reports() if report.id.encode() not in records]
    with redis.pipeline() as pipeline:
        for report in lost:
            pipeline.hsetnx(RECORDS, report.id, report.encode())
        pipeline.expire(RECORDS, RECORDS_KEPT_FOR)
        pipeline.execute()


def keep_zeros(redis: Redis, ledger: Ledger, left: Sequence[str] = ()) -> None:
    """Store the ledger's zeros under the name of its reset, and delete the records of `left`.

    Every web process stores the same zeros, so it does not matter which one is the last.
    """
    zeros: dict[Any, Any] = {zero.id: zero.encode() for zero in ledger.zeros()}
    with redis.pipeline() as pipeline:
        pipeline.set(RESET, ledger.zeroed, ex=RECORDS_KEPT_FOR)
        if zeros:
            pipeline.hset(f"{ZEROS}:{ledger.zeroed}", mapping=zeros)
            pipeline.expire(f"{ZEROS}:{ledger.zeroed}", RECORDS_KEPT_FOR)
        if left:
            pipeline.hdel(RECORDS, *left)
        pipeline.execute()


def is_whole(redis: Redis, ledger: Ledger) -> bool:
    """Return whether Redis has the ledger's reset and as many records; a flush deletes both."""
    kept: bytes | None = redis.get(RESET)  # type: ignore[assignment] # nothing is decoded here
    return redis.hlen(RECORDS) == len(ledger.reports()) and (kept or b"").decode() == ledger.zeroed


def readable(lines: Iterable[bytes]) -> Iterator[Report]:
    """Yield the reports among these lines; other programs may write to the same place."""
    for line in lines:
        with suppress(NoReportError):
            yield Report.decode(line)
