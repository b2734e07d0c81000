"""Processes that have left are summed up, or what is kept would grow with each that ever came."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from redis import Redis

from messaging.reporting.report import Count, Report
from messaging.reporting.reporter import RECORDS

RETIRED = "retired-"  # prefix of the id of the report that stands for those of a pattern
MOST_LEFT = 200  # records of processes of a pattern that have left
RETIRE = (Path(__file__).parent / "lua" / "retire.lua").read_text()


def is_retired(report: Report) -> bool:
    """Return whether a report stands for processes that have left."""
    return report.id.startswith(RETIRED)


def retire(redis: Redis, records: Mapping[bytes, bytes], reset_at: int) -> bool:
    """Replace the records of those that have left, where they are many; return whether it did.

    A process that left sends no report any more, so its record is whole.
    """
    reports = [Report.decode(line) for line in records.values()]
    by_pattern: dict[str, list[Report]] = {}
    for report in reports:
        if report.left:
            by_pattern.setdefault(report.pattern, []).append(report)
    done = False
    for pattern, left in by_pattern.items():
        if len(left) > MOST_LEFT:
            together = add_up(pattern, left, reset_at)
            before = records.get(together.id.encode(), b"")
            ids = [one.id for one in left if not is_retired(one)]
            arguments = (together.id, before, together.encode(), *ids)
            done |= bool(redis.eval(RETIRE, 1, RECORDS, *arguments))  # type: ignore[arg-type]
    return done


def add_up(pattern: str, left: Sequence[Report], reset_at: int) -> Report:
    """Return one report for all of these; what they counted before the reset counts no more."""
    counts: Counter[Count] = Counter()
    delays: Counter[str] = Counter()
    for report in left:
        if report.reset_at == reset_at:
            counts.update(report.counts)
            delays.update(report.delays)
    return Report(
        id=f"{RETIRED}{pattern}",
        n=1 + max((one.n for one in left if is_retired(one)), default=0),
        at=time.time(),
        pattern=pattern,
        role="web",
        name="those that left",
        host="",
        pid=0,
        left=True,
        reset_at=reset_at,
        counts=dict(counts),
        delays=dict(delays),
    )
