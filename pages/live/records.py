"""What Redis keeps for those who come later: the last report of each process, and the zeros."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from redis import Redis

from messaging.names import RECORDS, RESET, ZEROS
from messaging.reporting.report import NoReportError, Report
from messaging.reporting.reporter import KEPT
from pages.live.ledger import Ledger


def load(redis: Redis, ledger: Ledger) -> None:
    """Take what Redis keeps, and give back what it lost and the ledger still knows."""
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
        pipeline.expire(RECORDS, KEPT)
        pipeline.execute()


def keep_zeros(redis: Redis, ledger: Ledger, left: Sequence[str] = ()) -> None:
    """Keep what was reported before the figures were zeroed: it is subtracted ever after.

    All web processes do so, and those that `left` need not be known any longer.
    """
    zeros: dict[Any, Any] = {zero.id: zero.encode() for zero in ledger.zeros()}
    with redis.pipeline() as pipeline:
        pipeline.set(RESET, ledger.zeroed, ex=KEPT)
        if zeros:
            pipeline.hset(f"{ZEROS}:{ledger.zeroed}", mapping=zeros)
            pipeline.expire(f"{ZEROS}:{ledger.zeroed}", KEPT)
        if left:
            pipeline.hdel(RECORDS, *left)
        pipeline.execute()


def is_whole(redis: Redis, ledger: Ledger) -> bool:
    """Whether Redis keeps what the ledger knows: somebody may have flushed it."""
    kept: bytes | None = redis.get(RESET)  # type: ignore[assignment] # nothing is decoded here
    return redis.hlen(RECORDS) == len(ledger.reports()) and (kept or b"").decode() == ledger.zeroed


def readable(lines: Iterable[bytes]) -> Iterator[Report]:
    """The reports in these lines; others may write there as well."""
    for line in lines:
        with suppress(NoReportError):
            yield Report.decode(line)
