"""The figures of a pattern, as the page shows them and /status tells them."""

import time
from collections.abc import Mapping
from typing import Any

from redis import Redis

from messaging.counting import Delays
from messaging.message import MalformedLineError, Message
from messaging.report import SHOWN
from pages.ledger import Ledger, Member, Tally
from pages.words import sentence

NEWEST = 4  # waiting messages that are shown
CARDS = 12  # listeners of a pattern that are shown
REACHED = ("deliveries", "unheard")  # of a channel: what PUBLISH answered
RECEIVED = ("received", "elsewhere", "malformed", "missed")
COUNTED = ("sent", "unknown", *RECEIVED)

Figures = dict[str, Any]


def look(redis: Redis, queues: Mapping[str, str | None]) -> dict[str, Figures]:
    """What waits in each queue: how many, how long the oldest does, and the newest."""
    keys = {pattern: key for pattern, key in queues.items() if key}
    with redis.pipeline(transaction=False) as pipeline:
        for key in keys.values():
            pipeline.llen(key)
            pipeline.lindex(key, -1)
            pipeline.lrange(key, 0, NEWEST - 1)
        said = iter(pipeline.execute(raise_on_error=False))
    waiting: dict[str, Figures] = {}
    for pattern, length, oldest, newest in zip(keys, said, said, said, strict=False):
        if isinstance(length, Exception):  # the key is of another type
            length, oldest, newest = 0, None, []
        sent = _read(oldest).sent if oldest else None
        waiting[pattern] = {
            "waiting": length,
            "oldest_s": None if sent is None else round(max(0, time.time() - sent), 1),
            "newest": [[message.id, message.body[:SHOWN]] for message in map(_read, newest)],
        }
    return waiting


def figures(ledger: Ledger, pattern: str, waiting: Figures | None, now: float) -> Figures:
    """All that is known of a pattern; `waiting` is what `look` saw, None for a channel."""
    total = ledger.totals[pattern]
    listeners = list(ledger.listeners(pattern, now))
    is_backlog = bool(waiting and waiting["waiting"])
    counted = ("sent", "unknown", *(() if waiting else REACHED), *RECEIVED)
    told: Figures = {name: total.counts[name] for name in counted}
    told |= waiting or {}
    told |= _delays(total.delays)
    told["listeners"] = [_card(member, is_backlog, now) for member in listeners[:CARDS]]
    told["more"] = len(listeners) - len(told["listeners"])
    told["there"] = sum(not member.is_gone(now) for member in listeners)
    theirs = sum(member.received() for member in listeners)
    told["sentence"] = sentence(told, theirs == told["received"])
    return told


def sample(fresh: Tally, seconds: float) -> list[float | None]:
    """Sent/s, received/s, and the delays in ms: median and p99."""
    rates = [round(fresh.counts[name] / seconds, 1) for name in ("sent", "received")]
    return [*rates, *_delays(fresh.delays).values()]


def _card(member: Member, is_backlog: bool, now: float) -> Figures:
    report, tally = member.report, member.tally()
    is_gone = member.is_gone(now)
    rate = 0.0 if is_gone else round(member.rate(now), 1)
    # Nobody is waiting while messages wait for them.
    is_working = member.in_hand() or is_backlog or rate >= 1
    state = "gone" if is_gone else "working" if is_working else "waiting"
    told: Figures = {"id": report.id, "name": report.name, "host": report.host, "pid": report.pid}
    told |= {"state": state, "doing": _doing(member, state, rate, now)}
    told |= {name: tally.counts[name] for name in RECEIVED}
    told |= {"rate": rate, **_delays(tally.delays)}
    return told | {"last": report.last, "in_hand": member.in_hand()}


def _doing(member: Member, state: str, rate: float, now: float) -> str:
    """What else is to be said of a state."""
    hand = member.in_hand()
    if state == "gone":
        lost = f", {hand[1]} lost" if hand else ""
        return f"{int(now - member.heard)} s ago{lost}"
    if hand and rate < 1:
        return f"on {hand[1]}"
    return f"{round(rate):,}/s" if rate >= 1 else ""


def _delays(delays: Delays) -> dict[str, float | None]:
    told = {}
    for name, share in (("delay_p50_ms", 0.5), ("delay_p99_ms", 0.99)):
        seconds = delays.quantile(share)
        told[name] = None if seconds is None else float(f"{seconds * 1000:.3g}")
    return told


def _read(line: bytes) -> Message:
    try:
        return Message.decode(line)
    except MalformedLineError:
        return Message("not UTF-8")
