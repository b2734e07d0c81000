"""Watches the page's event stream many times at once."""

import asyncio
import re
import resource
import statistics
import time

from bench.bars import Bar

UPDATES = 0.8  # per second, at least, for each viewer; the page's own pace is about one
OLDEST = 2.5  # seconds, the greatest age of a viewer's newest sample
LONGEST = 2**24  # bytes in a line of the stream
AT = re.compile(rb'"at":([\d.]+)')  # in a sample; in a body the quotes are escaped


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
