"""Neighbours on the same Redis: what they do there may be a burden, and must be no more."""

import signal
import time
from collections.abc import Iterable
from dataclasses import replace

from attack.checks import COUNTED_WITHIN, late, miscounted, report_of
from attack.effort import Effort
from attack.target import Target
from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS, reports_channel
from patterns.prodcons import QUEUE
from starting.process import wait_until

MOST_RECORDS = 1_000
MOST_MEMORY = 64 * 2**20  # bytes that the web server may need more than at half time
AT_ONCE = 100  # listeners
APART = 0.02  # second
TURNS = 4


def long_lines(target: Target, effort: Effort) -> str:
    """Push lines of 2 MB that wait for a frozen listener; clicks and page stay quick."""
    (listener,) = target.listeners["prodcons"]
    listener.gets(signal.SIGSTOP)
    try:
        for _ in range(5 * effort.scale):
            target.redis.lpush(QUEUE, b"\x01" * 2_000_000)
        return first_of(late(target) for _ in range(10))
    finally:
        listener.gets(signal.SIGCONT)


def listeners_that_left(target: Target, effort: Effort) -> str:
    """Let thousands of listeners come and go; few are kept, and all that they received counts."""
    one = replace(report_of(target, "listener"), left=True, counts={"received": 1}, delays={})
    needed, came = [], 0
    for _ in range(TURNS):
        over = time.monotonic() + effort.seconds
        while time.monotonic() < over:  # so that some leave while others are summed up
            tell(target, [replace(one, id=f"left-{came + n}") for n in range(AT_ONCE)])
            came += AT_ONCE
            wait_until(lambda: False, APART)
        if not wait_until(lambda: target.redis.hlen(RECORDS) < MOST_RECORDS, COUNTED_WITHIN):
            return f"{target.redis.hlen(RECORDS):,} records are kept"
        needed.append(target.memory())
    half = len(needed) // 2
    more = max(needed[half:]) - max(needed[:half])
    found = [miscounted(target, forged=came)]
    if more > MOST_MEMORY:
        found.append(f"the web server has {more / 2**20:.0f} MiB more than at half time")
    return "; ".join(filter(None, found))


def wide_reports(target: Target, effort: Effort) -> str:
    """Let listeners report delays of all lengths, again and again; clicks and page stay quick."""
    one = replace(report_of(target, "listener"), counts={}, delays={})

    def click_beside(n: int) -> str:
        delays = {str(bucket): n for bucket in range(-300, 300)}
        ids = [f"wide-{listener}" for listener in range(5 * effort.scale)]
        tell(target, [replace(one, id=id_, n=n, delays=delays) for id_ in ids], are_kept=False)
        return late(target)

    return first_of(click_beside(n) for n in range(1, 10 * round(effort.seconds)))


def tell(target: Target, reports: list[Report], are_kept: bool = True) -> None:
    """Publish reports as their processes would, and keep them."""
    with target.redis.pipeline(transaction=False) as pipeline:
        for report in reports:
            if are_kept:
                pipeline.hset(RECORDS, report.id, report.encode())
            pipeline.publish(reports_channel(), report.encode())
        pipeline.execute()


def first_of(found: Iterable[str]) -> str:
    """Return the first that is not «», and look no further; «» where all are."""
    return next(filter(None, found), "")
