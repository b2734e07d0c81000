"""Measures what reporting costs a listener and the web server: LIVE=1 against LIVE=0.

The machine's speed drifts within minutes, so both are measured in pairs, each in the opposite order
of the last. The bar is on the ratio of the medians; the pairs' ratios show its precision.

Processes are pinned to cores. A BLPOP loop is three times as fast with Redis and listener on one
core, so each has its own. Two web processes share one core, for the kernel splits connections at
random between them: on two they would serve anything between one core's requests and two cores'.
"""

import json
import time
from collections.abc import Callable, Iterator
from functools import partial

from bench.bars import Bar, SpoiltError, compare
from bench.load import requests_per_second
from bench.stage import Stage, on_core
from messaging.message import OURS, Message
from patterns import FIRST_TWO, PATTERNS
from patterns.declaration.pattern import Order, Pattern
from starting.process import wait_until
from web import SENDS

KEPT = 0.95  # share of the rate that is left with reporting
WRITE = 1000  # messages in one write
LISTENERS_WITHIN = 120  # seconds for a listener to receive all messages
# Redis must not disconnect a subscriber that is slower than the publisher.
UNLIMITED = ("--client-output-buffer-limit", "pubsub", "0", "0", "0")


def listener_cost(pairs: int, messages: int) -> Iterator[Bar]:
    """Measure one listener of each pattern, which receives a backlog as fast as it can."""
    with on_core(0):
        stage = Stage(*UNLIMITED)
    with stage:
        for name in FIRST_TWO:
            rate = partial(listener_rate, stage, name, messages)
            yield in_pairs(f"{name} listener, messages/s", rate, pairs)


def listener_rate(stage: Stage, name: str, count: int, live: str) -> float:
    """Messages/s between the first and the last receipt, by the listener's clock."""
    pattern = PATTERNS[name]
    stage.redis.flushall()
    now = time.time()
    lines = [Message("7", f"{OURS}bench", n, now).encode() for n in range(1, count + 1)]
    if pattern.order is Order.NEWEST_FIRST:
        lines.reverse()
    if pattern.keeps:
        send(stage, pattern, lines)
    with on_core(1):
        listener = stage.listener(name, LIVE=live)
    if not pattern.keeps:
        send(stage, pattern, lines)
    last = f'"seq": {count},'
    if not wait_until(lambda: last in listener.stdout.last_line(), LISTENERS_WITHIN):
        raise SpoiltError(f"A listener of {name} did not receive all: {listener.text}")
    received = [json.loads(listener.stdout.lines()[n])["received"] for n in (0, -1)]
    listener.kill()
    return (count - 1) / float(received[-1] - received[0])


def send(stage: Stage, pattern: Pattern, lines: list[bytes]) -> None:
    for at in range(0, len(lines), WRITE):
        SENDS[pattern.script](stage.redis, lines[at : at + WRITE])


def web_cost(pairs: int, seconds: float) -> Iterator[Bar]:
    """Measure the most requests/s of each link, without listeners and viewers."""
    with on_core(0):
        stage = Stage()
    with stage:
        with on_core(1):
            webs = {live: stage.web(LIVE=live) for live in ("0", "1")}

        def rate(pattern: str, live: str) -> float:
            stage.redis.flushall()  # only to save memory: LPUSH is as fast on a long list
            with on_core(0):
                return requests_per_second(webs[live].host, f"/{pattern}", seconds)

        for pattern in FIRST_TWO:
            for live in webs:
                rate(pattern, live)  # warm up: import, connect, compile
            yield in_pairs(f"web, /{pattern}, requests/s", partial(rate, pattern), pairs)


def in_pairs(what: str, measure: Callable[[str], float], pairs: int) -> Bar:
    """Measure in pairs with LIVE=1 and LIVE=0."""
    rates: dict[str, list[float]] = {"1": [], "0": []}
    for n in range(pairs):
        for live in ("01", "10")[n % 2]:
            rates[live].append(measure(live))
    return compare(f"reporting, {what}", rates["1"], rates["0"], KEPT)
