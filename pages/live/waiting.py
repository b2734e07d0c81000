"""This module asks Redis what waits at each pattern's place, and makes figures of it."""

import time
from collections.abc import Iterable

from redis import Redis
from redis.exceptions import ResponseError

from messaging.message import MalformedLineError, Message
from messaging.reporting.report import BODY_SHOWN
from pages.live.wire import Figures, Preview
from patterns.declaration.pattern import Order, Pattern
from patterns.declaration.store import Backlog


def look(redis: Redis, patterns: Iterable[Pattern]) -> dict[str, Figures]:
    """Return the figures of what waits now, by pattern."""
    return {pattern.name: waiting_figures(pattern, _look(redis, pattern)) for pattern in patterns}


def nothing_waits(patterns: Iterable[Pattern]) -> dict[str, Figures]:
    """The same figures before anybody has looked."""
    return {one.name: waiting_figures(one, one.store.nothing) for one in patterns}


def waiting_figures(pattern: Pattern, waiting: Backlog) -> Figures:
    """Return those figures of what waits that the pattern has."""
    figures: Figures = {}
    if pattern.keeps:
        sent = [_decode(line).sent for line in waiting.oldest]
        ages = [round(max(0.0, time.time() - at), 1) for at in sent if at is not None]
        figures["waiting"] = waiting.count
        figures["oldest_s"] = ages[0] if ages else None
        shown: list[Preview] = [_show(line) for line in waiting.next]
        match pattern.order:
            case Order.NEWEST_FIRST:
                figures["newest"] = shown
            case Order.OLDEST_FIRST:
                figures["oldest"] = shown
    if pattern.redelivers:
        figures["dead_letters"] = waiting.dead_letters
    figures.update(waiting.more)  # type: ignore[typeddict-item]
    return figures


def _look(redis: Redis, pattern: Pattern) -> Backlog:
    try:
        return pattern.store.look(redis)
    except ResponseError:  # another program uses the key for another type
        return pattern.store.nothing


def _show(line: bytes) -> Preview:
    message = _decode(line)
    return message.id, message.body[:BODY_SHOWN]


def _decode(line: bytes) -> Message:
    try:
        return Message.decode(line)
    except MalformedLineError:
        return Message("not UTF-8")
