"""Measures two web processes with a thousand viewers of the page, while messages flow."""

import asyncio

from bench.bars import Bar, compare
from bench.load import Flow, requests_per_second
from bench.stage import Stage
from bench.viewers import freshness, open_viewers
from patterns import FIRST_TWO
from starting.parts import Web

MESSAGES = 1000  # a second
KEPT = 0.5  # share of its requests/s that the web server keeps
MEMORY = 300  # MiB, all processes of the web together
WARM_UP = 2  # seconds
EVERY = 0.5  # seconds between two samples of the memory


async def crowd(viewers: int, seconds: float, rounds: int, request_seconds: float) -> list[Bar]:
    """Measure first without viewers, then with all of them."""
    with Stage() as stage:
        web = stage.web()
        stage.listeners(1)
        flow = Flow(web.host, MESSAGES)
        ask(web, 1, WARM_UP)
        alone = ask(web, rounds, request_seconds)
        watching = await open_viewers(web.host, viewers)
        for viewer in watching:
            viewer.begin()
        used = []
        for _ in range(round(seconds / EVERY)):
            used.append(memory(web))
            await asyncio.sleep(EVERY)
        calm = freshness("each viewer", watching)
        for viewer in watching:
            viewer.begin()
        crowded = await asyncio.to_thread(ask, web, rounds, request_seconds)
        asked = freshness("the same while the links are asked", watching)
        used.append(memory(web))
        flowed = flow.stop(f"{viewers:,} viewers, {MESSAGES:,} messages/s")
    kept = [
        compare(f"requests/s of /{p} with them, and with no viewer", crowded[p], alone[p], KEPT)
        for p in FIRST_TWO
    ]
    return [flowed, *calm, *asked, *kept, size(used)]


def ask(web: Web, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Measure the requests/s of each link, several times."""
    rates: dict[str, list[float]] = {pattern: [] for pattern in FIRST_TWO}
    for _ in range(rounds):
        for pattern in FIRST_TWO:
            rates[pattern].append(requests_per_second(web.host, f"/{pattern}", seconds))
    return rates


def memory(web: Web) -> tuple[float, float]:
    """MiB of all its processes: RSS counts shared memory once for each, PSS only once."""
    each = [process.memory_full_info() for process in web.members()]
    return sum(one.rss for one in each) / 2**20, sum(one.pss for one in each) / 2**20


def size(used: list[tuple[float, float]]) -> Bar:
    rss, pss = map(max, zip(*used, strict=True))
    return Bar(
        "memory of the web with them, MiB",
        f"RSS at most {rss:.0f} (PSS {pss:.0f})",
        f"RSS under {MEMORY}",
        rss < MEMORY,
        {"rss_and_pss_over_time": used},
    )
