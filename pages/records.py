"""What Redis keeps for those who come later: the last report of each process, and the zeros."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict

from redis import Redis

from messaging.names import RECORDS, RESET
from messaging.report import NoReportError, Report
from messaging.reporting import KEPT, send_reports
from pages.ledger import Ledger


def load(redis: Redis, ledger: Ledger) -> None:
    """Take what Redis keeps, and give back what it lost and the ledger still knows."""
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    kept: bytes | None = redis.get(RESET)  # type: ignore[assignment] # nothing is decoded here
    zeroed, zeros = _read_zeros(kept) if kept else ("", [])
    ledger.load(readable(records.values()), zeroed, zeros)
    if ledger.zeroed > zeroed:
        keep_zeros(redis, ledger)
    lost = {r.id: r.encode() for r in ledger.reports() if r.id.encode() not in records}
    if lost:
        send_reports(redis, lost)


def keep_zeros(redis: Redis, ledger: Ledger) -> None:
    """What everybody had reported when the figures were zeroed: it is subtracted ever after."""
    zeros = [asdict(zero) for zero in ledger.zeros()]
    redis.set(RESET, json.dumps([ledger.zeroed, zeros]), ex=KEPT)


def readable(lines: Iterable[bytes]) -> Iterator[Report]:
    """The reports in these lines; others may write there as well."""
    for line in lines:
        with suppress(NoReportError):
            yield Report.decode(line)


def _read_zeros(kept: bytes) -> tuple[str, list[Report]]:
    with suppress(ValueError, TypeError, RecursionError):
        zeroed, zeros = json.loads(kept)
        return str(zeroed), [Report(**zero) for zero in zeros]
    return "", []
