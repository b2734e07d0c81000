"""Forgeries: what other programs can write and publish on the same Redis, as if it were ours."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Any

from redis import Redis

from attack.checks import miscounted, report_of
from attack.effort import Effort
from attack.target import Target
from messaging.message import LARGEST_SEQ
from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS, RESET, reports_channel
from patterns.fanout import LISTENERS, list_of
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from patterns.reliable import DEATHS, HOLDERS, RELIABLE, taken_by
from patterns.stream import STREAM
from starting.process import DEADLINE, wait_until

Line = str | bytes

NO_TIMES: list[Line] = [b"\xff", "9" * 15]  # the second one in milliseconds: the year 33658
NO_COUNTS: list[Line] = ["many", "9" * 5000, b"\xff", "-3", ""]
NO_LINES: list[Line] = [
    b"\xff\xfe",
    b"",
    b'{"from": 1, "seq": "x", "sent": null, "body": []}',
    b'{"from":' * 10_000,
]


def forged_reports(target: Target, effort: Effort) -> str:
    """Publish and keep reports that cannot be; the page counts none, and all that are true."""
    true = [report_of(target, role) for role in ("web", "listener")]
    for number, line in enumerate(chain.from_iterable(map(forgeries, true))):
        target.redis.publish(reports_channel(), line)
        target.redis.hset(RECORDS, f"forged-{number}", line)
    for reset_at in NO_TIMES:
        target.redis.set(RESET, reset_at)
        if found := miscounted(target):
            return found
    return ""


def forgeries(true: Report) -> Iterator[bytes]:
    """Yield lines that look like this report, and are none."""
    whole, fields = true.encode(), asdict(true)
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
        # Well formed, but no clock shows that time, and nobody counts so far.
        {"id": f"reset-{true.role}", "reset_at": LARGEST_SEQ},
        {"id": f"counts-{true.role}", "counts": {"sent": LARGEST_SEQ, "received": LARGEST_SEQ}},
        {"id": f"delays-{true.role}", "counts": {}, "delays": {"9999": LARGEST_SEQ}},
        {"n": LARGEST_SEQ},
    ]
    for change in changes:
        yield json.dumps({**fields, **change}).encode()
    yield from (b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"", whole[:-1], b"null")


def forged_keys(target: Target, effort: Effort) -> str:
    """Write names, counts and lines that are none into keys that are read; all goes on."""
    redis, names = target.redis, [f"forged-{number}" for number in range(len(NO_COUNTS))]
    redis.sadd(HOLDERS, b"\xff")
    held = [forge_holder(redis, *one) for one in zip(names, NO_COUNTS, strict=True)]
    for name in redis.smembers(HOLDERS) - {b"\xff", *map(str.encode, names)}:
        held.append(forge_holder(redis, name.decode(), NO_COUNTS[0]))
    for name in redis.zrange(LISTENERS, 0, -1):
        redis.rpush(list_of(name.decode()), *NO_LINES)
        redis.zadd(LISTENERS, {name: math.inf})
    redis.zadd(LISTENERS, {b"\xff": 2**40, "forged": math.inf})
    for key in (QUEUE, RELIABLE):
        redis.lpush(key, *NO_LINES)
    for line in NO_LINES:
        redis.publish(CHANNEL, line)
        redis.xadd(STREAM, {"line": line})
    redis.xadd(STREAM, {"forged": "no line"})
    redis.client_kill_filter(_type="normal", skipme=True)  # who reconnects looks at what it has
    if not wait_until(lambda: not redis.exists(*held), DEADLINE):
        return "nobody takes over what a forged consumer has"
    return miscounted(target)


def forge_holder(redis: Redis, name: str, deaths: Line) -> str:
    """Let a consumer have lines that are none, and so many deaths; return the key of its list."""
    redis.hset(DEATHS, mapping={name: deaths})
    redis.lpush(taken_by(name), *NO_LINES)
    redis.sadd(HOLDERS, name)
    return taken_by(name)
