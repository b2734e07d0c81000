"""Neighbours on the same Redis: what other programs can write and publish there."""

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from attack.effort import Effort
from attack.target import Target
from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS, RESET, reports_channel
from patterns.fanout import LISTENERS
from patterns.prodcons import QUEUE
from patterns.reliable import DEATHS, HOLDERS
from starting.process import wait_until

COUNTED_WITHIN = 10  # seconds
ANSWERED_WITHIN = 2  # seconds
MOST_RECORDS = 1_000
MOST_MEMORY = 64 * 2**20  # bytes that the web server may need more than at half time


def forged_reports(target: Target, effort: Effort) -> str:
    """Publish and keep reports that cannot be; the live page goes on, and counts none of them."""
    before = target.figures("prodcons")
    for number, line in enumerate(forgeries(next(iter(target.redis.hgetall(RECORDS).values())))):
        target.redis.publish(reports_channel(), line)
        target.redis.hset(RECORDS, f"forged-{number}", line)
    target.redis.set(RESET, b"\xff")

    def goes_on() -> bool:
        now = target.figures("prodcons")
        return bool(now["sent"] > before["sent"] and now["received"] > before["received"])

    if not wait_until(goes_on, COUNTED_WITHIN):
        return "the live page counts no more"
    now = target.figures("prodcons")
    return "" if now["received"] < before["received"] + 10**5 else "a forged report was counted"


def forgeries(whole: bytes) -> Iterator[bytes]:
    """Yield lines that look like this report, and are none."""
    fields: dict[str, Any] = json.loads(whole)
    huge, later = 10**400, fields["n"] + 10**6
    changes: list[dict[str, Any]] = [
        {"n": later, "counts": {"received": huge}},
        {"n": later, "delays": {"5": huge}},
        {"n": later, "at": -huge},
        {"id": "\ud800", "name": "\udfff"},
        {"id": "forged", "name": "x" * 5_000_000},
        {"id": "forged", "recent": [["\ud800", "x", 1]]},
        {"id": "forged", "counts": {"received": True}},
        {"id": "forged", "role": "listener", "counts": {"sent": 10**9}, "delays": {"x": 1}},
    ]
    for change in changes:
        yield json.dumps({**fields, **change}).encode()
    yield from (b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"", whole[:-1], b"null")


def forged_keys(target: Target, effort: Effort) -> str:
    """Write names and counts that are none into our keys; listeners and page go on."""
    target.redis.sadd(HOLDERS, b"\xff")
    target.redis.hset(DEATHS, mapping={"x": "many", "y": "9" * 5000})
    target.redis.zadd(LISTENERS, {b"\xff": 2**40})
    target.redis.set("task:other", "of another program")
    wait_until(lambda: target.ended(), effort.seconds)
    return target.ended()


def long_lines(target: Target, effort: Effort) -> str:
    """Push lines of 2 MB that wait for a frozen listener; clicks and page stay quick."""
    (listener,) = target.listeners["prodcons"]
    listener.gets(signal.SIGSTOP)
    for _ in range(5 * effort.scale):
        target.redis.lpush(QUEUE, b"\x01" * 2_000_000)
    slowest = max(target.links.answered_in("/status") for _ in range(10))
    listener.gets(signal.SIGCONT)
    return f"/status took {slowest:.1f} s" if slowest > ANSWERED_WITHIN else ""


def listeners_that_left(target: Target, effort: Effort) -> str:
    """Let thousands of listeners come and go; what the web server keeps of them stays small."""
    first = json.loads(next(iter(target.redis.hgetall(RECORDS).values())))
    one = replace(Report(**first), pattern="prodcons", role="listener", left=True)
    needed = []
    for turn in range(4 * effort.scale):
        ids = [f"left-{turn}-{n}" for n in range(2_000)]
        gone = {id_: replace(one, id=id_, counts={"received": 1}).encode() for id_ in ids}
        target.redis.hset(RECORDS, mapping=gone)
        with target.redis.pipeline(transaction=False) as pipeline:
            for line in gone.values():
                pipeline.publish(reports_channel(), line)
            pipeline.execute()
        if not wait_until(lambda: target.redis.hlen(RECORDS) < MOST_RECORDS, COUNTED_WITHIN):
            return f"{target.redis.hlen(RECORDS):,} records are kept"
        needed.append(target.memory())
    half = len(needed) // 2
    more = max(needed[half:]) - max(needed[:half])
    return (
        f"the web server has {more / 2**20:.0f} MiB more than at half time"
        if more > MOST_MEMORY
        else ""
    )


def wide_reports(target: Target, effort: Effort) -> str:
    """Let listeners report delays of all lengths, again and again; clicks and page stay quick."""
    first = json.loads(next(iter(target.redis.hgetall(RECORDS).values())))
    one = replace(Report(**first), pattern="prodcons", role="listener", counts={}, delays={})
    slowest = 0.0
    for n in range(1, 10 * round(effort.seconds)):
        with target.redis.pipeline(transaction=False) as pipeline:
            for listener in range(5 * effort.scale):
                delays = {str(bucket): n for bucket in range(-300, 300)}
                line = replace(one, id=f"wide-{listener}", n=n, delays=delays).encode()
                pipeline.publish(reports_channel(), line)
            pipeline.execute()
        slowest = max(slowest, target.links.answered_in("/status"))
    return f"/status took {slowest:.1f} s" if slowest > ANSWERED_WITHIN else ""
