"""Measures two web processes with a thousand viewers of the page, while messages flow."""

import json
import signal
import statistics
import time
from typing import Any

from bench import flow
from bench.bars import Bar, spread
from bench.closed_loop import requests_per_second
from bench.machine import Busy, memory
from bench.stage import Stage
from patterns import FIRST_TWO
from starting.parts import NO_LIMIT, Web
from starting.ports import local_ports
from starting.process import Process
from starting.waiting import eventually

MESSAGES = 1000  # a second
UPDATES = 0.8  # per second, at least, for each viewer; the page's own pace is about one
OLDEST = 2.5  # seconds, the greatest age of a viewer's newest sample
KEPT = 0.5  # share of its requests/s that the web server keeps
MEMORY = 300  # MiB, all processes of the web together
OPEN_WITHIN = 60  # seconds
WARM_UP = 2  # seconds


def crowd(viewers: int, seconds: float, rounds: int, request_seconds: float) -> list[Bar]:
    """Measure first without viewers, then with all of them."""
    with Stage() as stage:
        web = stage.web(**NO_LIMIT)
        stage.listeners(1)
        sending = stage.run("flow", web.host, MESSAGES)
        sending.says("Flowing")
        ask(web, 1, WARM_UP)
        alone = ask(web, rounds, request_seconds)
        watching = stage.run("viewers", web.host, viewers)
        eventually(lambda: watching.out, OPEN_WITHIN)
        seats = [local_ports(pid).count(web.port) for pid in web.members()[1:]]
        take_window(watching)
        busy = Busy()
        used = watch_memory(web, seconds)
        calm = take_window(watching) | {"cores_busy": busy.cores(), "by_worker": seats}
        crowded = ask(web, rounds, request_seconds)
        asked = take_window(watching)
        used.append(memory(web.members()))
        sending.stop()
        flowed = json.loads(sending.out[-1])
    return [
        flow.judge(f"{viewers:,} viewers, {MESSAGES:,} messages/s", MESSAGES, flowed),
        *freshness("each viewer", calm),
        *freshness("the same while the links are asked", asked),
        *(kept(pattern, alone[pattern], crowded[pattern]) for pattern in FIRST_TWO),
        size(used),
    ]


def ask(web: Web, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Measure the requests/s of each link, several times."""
    rates: dict[str, list[float]] = {pattern: [] for pattern in FIRST_TWO}
    for _ in range(rounds):
        for pattern in FIRST_TWO:
            rates[pattern].append(requests_per_second(web.host, f"/{pattern}", seconds))
    return rates


def take_window(watching: Process) -> dict[str, Any]:
    """What the viewers received since the last call."""
    before = len(watching.out)
    watching.gets(signal.SIGUSR1)
    eventually(lambda: len(watching.out) > before)
    window: dict[str, Any] = json.loads(watching.out[-1])
    return window


def watch_memory(web: Web, seconds: float) -> list[dict[str, float]]:
    """Sample the web server's memory twice a second for so long."""
    used, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        used.append(memory(web.members()))
        time.sleep(0.5)
    return used


def freshness(whose: str, window: dict[str, Any]) -> list[Bar]:
    """Bars on how often each viewer was updated, and how old its newest sample was."""
    often, old, lost = window["changes_per_s"], window["oldest_s"], window["lost"]
    return [
        Bar(
            f"updates/s of {whose}",
            f"{often['median']:.2f} ({often['fewest']:.2f}–{often['most']:.2f}), {lost} lost",
            f"each at least {UPDATES}, none lost",
            often["fewest"] >= UPDATES and not lost,
            window,
        ),
        Bar(
            f"age of the newest that it has, at most, {whose}, s",
            f"median viewer {old['median']:.2f}, worst {old['worst']:.2f}",
            f"at most {OLDEST}",
            old["worst"] <= OLDEST,
        ),
    ]


def kept(pattern: str, alone: list[float], crowded: list[float]) -> Bar:
    share = statistics.median(crowded) / statistics.median(alone)
    return Bar(
        f"requests/s of /{pattern} with them, and with no viewer",
        f"{spread(crowded)} against {spread(alone)}: {share:.2f}",
        f"at least {KEPT}",
        share >= KEPT,
        {"with_viewers": crowded, "alone": alone, "ratio": share},
    )


def size(used: list[dict[str, float]]) -> Bar:
    most = {name: max(at[name] for at in used) for name in used[0]}
    return Bar(
        "memory of the web with them, MiB",
        f"RSS at most {most['rss']:.0f} (PSS {most['pss']:.0f})",
        f"RSS under {MEMORY}",
        most["rss"] < MEMORY,
        {"most": most, "over_time": used},
    )
