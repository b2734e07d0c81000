"""Processes that are over are summed up, or what is kept would grow with each that ever came.

Over are those that have left, and those that were silent for an hour. A process that was frozen
for longer and then goes on is counted twice.
"""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from redis import Redis

from messaging.message import LARGEST_SEQ
from messaging.reporting.report import Count, Report
from messaging.reporting.reporter import RECORDS

RETIRED = "retired-"  # prefix of the id of the report that stands for those of a pattern
MOST_OVER = 200  # records of processes of a pattern that are over
SILENT_FOR = 3600  # seconds
RETIRE = (Path(__file__).parent / "lua" / "retire.lua").read_text()


def is_retired(report: Report) -> bool:
    """Return whether a report stands for processes that are over."""
    return report.id.startswith(RETIRED)


def is_over(report: Report) -> bool:
    """Return whether a process tells no more: it has left, or was killed long ago."""
    return report.left or report.at < time.time() - SILENT_FOR


def retire(
    redis: Redis, records: Mapping[bytes, bytes], reports: Collection[Report], reset_at: int
) -> bool:
    """Replace the records of those that are over, where they are many; return whether it did.

    `records` are all lines that Redis keeps, by field; `reports` are those that can be read.
    """
    by_pattern: dict[str, list[Report]] = {}
    for report in filter(is_over, reports):
        by_pattern.setdefault(report.pattern, []).append(report)
    done = False
    for pattern, over in by_pattern.items():
        if len(over) > MOST_OVER:
            together = add_up(pattern, over, reset_at)
            before = records.get(together.id.encode(), b"")
            ids = [one.id for one in over if not is_retired(one)]
            arguments = (together.id, before, together.encode(), *ids)
            done |= bool(redis.eval(RETIRE, 1, RECORDS, *arguments))  # type: ignore[arg-type]
    return done


def add_up(pattern: str, over: Collection[Report], reset_at: int) -> Report:
    """Return one report for all of these; what they counted before the reset counts no more.

    It is never larger than a report may be, whatever other programs have written.
    """
    counts: Counter[Count] = Counter()
    delays: Counter[str] = Counter()
    for report in over:
        if report.reset_at == reset_at:
            counts.update(report.counts)
            delays.update(report.delays)
    last = max((one.n for one in over if is_retired(one)), default=0)
    return Report(
        id=f"{RETIRED}{pattern}",
        n=min(last + 1, LARGEST_SEQ),
        at=time.time(),
        pattern=pattern,
        role="web",
        name="those that left",
        host="",
        pid=0,
        left=True,
        reset_at=reset_at,
        counts={name: min(n, LARGEST_SEQ) for name, n in counts.items()},
        delays={key: min(n, LARGEST_SEQ) for key, n in delays.items()},
    )
