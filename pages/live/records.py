"""Redis keeps the last report of each process, and the last reset, for processes that start later.

A reset keeps the last report of each process before it, its zero: figures count from the zeros on.
A reset's name is its time in milliseconds since the epoch, so a later one is larger.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

from redis import Redis
from redis.client import Pipeline

from messaging.reporting.report import NoReportError, Report
from messaging.reporting.reporter import RECORDS, RECORDS_KEPT_FOR, reports_channel
from messaging.settings import KEY_PREFIX
from pages.live.ledger import Ledger

RESET = f"{KEY_PREFIX}live:reset"  # string: the time when the figures were last zeroed
ZEROS = f"{KEY_PREFIX}live:zeros"  # hash, with that time added: each process' last report before it
RESET_DONE = b"reset"  # published among the reports, to make every ledger load the reset


def load(redis: Redis, ledger: Ledger) -> None:
    """Count what Redis keeps, and store again what Redis has lost and the ledger still has."""
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    reset = _last_reset(redis)
    zeros: list[bytes] = redis.hvals(f"{ZEROS}:{reset}")  # type: ignore[assignment]
    ledger.load(readable(records.values()), reset, readable(zeros))
    with redis.pipeline() as pipeline:
        if ledger.reset > reset:
            pipeline.set(RESET, ledger.reset, ex=RECORDS_KEPT_FOR)
        zeroed = (one.zero for one in ledger.members.values() if one.zero.n)
        _store_zeros(pipeline, ledger.reset, zeroed)
        for id_, member in ledger.members.items():
            if id_.encode() not in records:
                pipeline.hsetnx(RECORDS, id_, member.report.encode())
        pipeline.expire(RECORDS, RECORDS_KEPT_FOR)
        pipeline.execute()


def reset_figures(redis: Redis) -> int:
    """Make all web processes count from here on, and return the reset's name.

    The records of processes that have stopped are deleted, and those that cannot be read.
    """
    name = time.time_ns() // 1_000_000
    records: dict[bytes, bytes] = redis.hgetall(RECORDS)  # type: ignore[assignment]
    zeros = {report.id.encode(): report for report in readable(records.values()) if not report.left}
    with redis.pipeline() as pipeline:
        pipeline.set(RESET, name, ex=RECORDS_KEPT_FOR)
        _store_zeros(pipeline, name, zeros.values())
        for id_ in records.keys() - zeros.keys():
            pipeline.hdel(RECORDS, id_)
        pipeline.publish(reports_channel(), RESET_DONE)
        pipeline.execute()
    return name


def is_whole(redis: Redis, ledger: Ledger) -> bool:
    """Return whether Redis and the ledger have the same records and reset; a flush deletes both.

    Records that cannot be read do not count, because loading them again would not help.
    """
    ids, known = set(redis.hkeys(RECORDS)), {id_.encode() for id_ in ledger.members}
    lines: list[bytes | None] = redis.hmget(RECORDS, [*ids - known]) if ids - known else []  # type: ignore[assignment]
    are_known = all(report.id in ledger.members for report in readable(filter(None, lines)))
    return known <= ids and are_known and _last_reset(redis) == ledger.reset


def readable(lines: Iterable[bytes]) -> Iterator[Report]:
    """Yield the reports among these lines; other programs may write to the same place."""
    for line in lines:
        with suppress(NoReportError):
            yield Report.decode(line)


def _last_reset(redis: Redis) -> int:
    """Return the name of the last reset, or 0 if there was none or another program wrote there."""
    name: bytes | None = redis.get(RESET)  # type: ignore[assignment] # nothing is decoded here
    return int(name) if name and name.isdigit() else 0


def _store_zeros(pipeline: Pipeline, name: int, zeros: Iterable[Report]) -> None:
    for zero in zeros:
        pipeline.hset(f"{ZEROS}:{name}", zero.id, zero.encode())
    pipeline.expire(f"{ZEROS}:{name}", RECORDS_KEPT_FOR)
