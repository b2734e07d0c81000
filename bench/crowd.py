"""Measures two web processes with a thousand viewers of the page, while messages flow."""

import asyncio
import re
import resource
import statistics
import time

from bench.bars import Bar, compare
from bench.load import Flow, requests_per_second
from bench.stage import Stage
from patterns import FIRST_TWO
from starting.parts import Web

MESSAGES = 1000  # a second
KEPT = 0.5  # share of its requests/s that the web server keeps
MEMORY = 300  # MiB, all processes of the web together
WARM_UP = 2  # seconds
EVERY = 0.5  # seconds between two samples of the memory
UPDATES = 0.8  # per second, at least, for each viewer; the page's own pace is about one
OLDEST = 2.5  # seconds, the greatest age of a viewer's newest sample
LONGEST = 2**24  # bytes in a line of the stream
AT = re.compile(rb'"at":([\d.]+)')  # in a sample; in a body the quotes are escaped


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


class Viewer:
    """An open event stream, and what it received since `begin` was called last."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer  # which closes the connection when it is deleted
        self.watching = asyncio.create_task(self._watch(reader))
        self.newest = time.time()  # of its samples, seconds since the epoch; at first none
        self.begin()

    def begin(self) -> None:
        self.since = time.monotonic()
        self.changes = 0
        self.oldest = 0.0  # seconds, the greatest age of its newest sample

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        async for line in reader:
            self.changes += line.startswith(b"event: change")
            if taken := AT.findall(line):
                self.note_age()
                self.newest = float(taken[-1])

    def note_age(self) -> None:
        self.oldest = max(self.oldest, time.time() - self.newest)


async def open_viewers(host: str, count: int) -> list[Viewer]:
    """Open so many streams, each when the last has its first event."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    name, _, port = host.rpartition(":")
    viewers = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection(name, int(port), limit=LONGEST)
        writer.write(f"GET /events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        await reader.readuntil(b"event: snapshot")
        viewers.append(Viewer(reader, writer))
    return viewers


def freshness(whose: str, viewers: list[Viewer]) -> list[Bar]:
    """Bars on how often each viewer was updated and how old its newest sample became."""
    for viewer in viewers:
        viewer.note_age()
    often = [viewer.changes / (time.monotonic() - viewer.since) for viewer in viewers]
    old = [viewer.oldest for viewer in viewers]
    lost = sum(viewer.watching.done() for viewer in viewers)
    return [
        Bar(
            f"updates/s of {whose}",
            f"{statistics.median(often):.2f} ({min(often):.2f}–{max(often):.2f}), {lost} lost",
            f"each at least {UPDATES}, none lost",
            min(often) >= UPDATES and not lost,
        ),
        Bar(
            f"age of the newest that it has, at most, {whose}, s",
            f"median viewer {statistics.median(old):.2f}, worst {max(old):.2f}",
            f"at most {OLDEST}",
            max(old) <= OLDEST,
        ),
    ]
