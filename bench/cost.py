"""Measures what reporting costs a listener and the web server: LIVE=1 against LIVE=0.

The machine's speed drifts by several percent within minutes. So both are measured in pairs, each
pair in the opposite order of the last. The bar is on the ratio of the medians; the range of the
pairs' ratios shows its precision.

Processes are pinned to cores. A BLPOP loop runs three times as fast when the kernel puts Redis and
the listener on one core, so each has its own. The two web processes share one core, and Redis and
the client the other: the kernel splits connections between web processes at random, so on two cores
they would serve anything between one core's requests and two cores'.
"""

import json
import statistics
import time
from collections.abc import Callable
from functools import partial

from bench.bars import Bar, spread
from bench.load import requests_per_second
from bench.stage import Stage, on_core
from messaging.message import OURS, Message
from patterns import FIRST_TWO, PATTERNS
from patterns.pattern import Order, Pattern
from starting.parts import NO_LIMIT
from starting.waiting import eventually
from web import SENDS

COST = 0.05  # share of the rate that reporting may cost
WRITE = 1000  # messages in one write
LISTENERS_WITHIN = 120  # seconds for a listener to receive all messages
# Redis must not disconnect a subscriber that is slower than the publisher.
UNLIMITED = ("--client-output-buffer-limit", "pubsub", "0", "0", "0")

Measure = Callable[[str], float]  # takes the value of LIVE, returns a rate per second


def listener_cost(pairs: int, messages: int) -> list[Bar]:
    """Measure one listener of each pattern, which receives a backlog as fast as it can."""
    bars = []
    for name in FIRST_TWO:
        with on_core(0):
            stage = Stage(*UNLIMITED)
        with stage:
            measure = partial(listener_rate, stage, PATTERNS[name], messages)
            bars.append(compare(f"reporting, {name} listener, messages/s", measure, pairs))
    return bars


def listener_rate(stage: Stage, pattern: Pattern, count: int, live: str) -> float:
    """Messages/s between the first and the last receipt, by the listener's clock."""
    stage.redis.flushall()
    now = time.time()
    lines = [Message("7", f"{OURS}bench", n, now).encode() for n in range(1, count + 1)]
    if pattern.order is Order.NEWEST_FIRST:
        lines.reverse()
    if pattern.keeps:
        send(stage, pattern, lines)
    with on_core(1):
        listener = stage.listener(pattern.name, LIVE=live)
    if not pattern.keeps:
        send(stage, pattern, lines)
    eventually(lambda: f'"seq": {count},' in listener.stdout.last_line(), LISTENERS_WITHIN)
    received = listener.stdout.lines()
    listener.kill()
    first, last = json.loads(received[0]), json.loads(received[-1])
    return (count - 1) / float(last["received"] - first["received"])


def send(stage: Stage, pattern: Pattern, lines: list[bytes]) -> None:
    for at in range(0, len(lines), WRITE):
        SENDS[pattern.script](stage.redis, lines[at : at + WRITE])


def web_cost(pairs: int, seconds: float) -> list[Bar]:
    """Measure the most requests/s of each link, without listeners and viewers."""
    bars = []
    with on_core(0):
        stage = Stage()
    with stage:
        with on_core(1):
            webs = {live: stage.web(LIVE=live, **NO_LIMIT) for live in ("0", "1")}

        def measure(pattern: str, live: str) -> float:
            stage.redis.flushall()  # only to save memory: LPUSH is as fast on a long list
            with on_core(0):
                return requests_per_second(webs[live].host, f"/{pattern}", seconds)

        for pattern in FIRST_TWO:
            for live in webs:
                measure(pattern, live)  # warm up: import, connect, compile
            bars.append(
                compare(f"reporting, web, /{pattern}, requests/s", partial(measure, pattern), pairs)
            )
    return bars


def compare(measured: str, measure: Measure, pairs: int) -> Bar:
    """Measure in pairs, and judge the ratio of the medians."""
    rates: dict[str, list[float]] = {"1": [], "0": []}
    for n in range(pairs):
        for live in ("01", "10")[n % 2]:
            rates[live].append(measure(live))
    ratio = statistics.median(rates["1"]) / statistics.median(rates["0"])
    ratios = [on / off for on, off in zip(rates["1"], rates["0"], strict=True)]
    figure = (
        f"{spread(rates['1'])} against {spread(rates['0'])}: {ratio:.3f}, "
        f"pairs {min(ratios):.3f}–{max(ratios):.3f}"
    )
    details = {"live": rates["1"], "not_live": rates["0"], "ratio": ratio, "pairs": ratios}
    return Bar(measured, figure, f"at least {1 - COST:.2f}", ratio >= 1 - COST, details)
