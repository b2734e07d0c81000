"""Opens the page's event stream many times in one process.

On SIGUSR1 it prints a line of JSON: what the viewers received since the last line.
"""

import asyncio
import json
import re
import resource
import signal
import statistics
import sys
import time
from typing import cast

AT_ONCE = 50  # connections opened at a time
AT = re.compile(
    rb'"at":([\d.]+)'
)  # in a sample; a body cannot contain it, since its quotes are escaped


class Viewer(asyncio.Protocol):
    """One open event stream."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._rest = b""
        self.begun = asyncio.get_running_loop().create_future()
        self.is_lost = False
        self.newest = 0.0  # the time of its newest sample, seconds since the epoch
        self.begin_window()

    def begin_window(self) -> None:
        self.changes = self.snapshots = self.bytes = 0
        self.oldest = 0.0  # seconds, the greatest age of its newest sample

    def look(self, now: float) -> None:
        """Note the age of the newest sample."""
        self.oldest = max(self.oldest, now - self.newest)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        writing = cast(asyncio.WriteTransport, transport)
        writing.write(f"GET /events HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self.bytes += len(data)
        *events, self._rest = (self._rest + data).split(b"\n\n")
        for event in events:
            if b"event: change" in event:
                self.changes += 1
            elif b"event: snapshot" in event:
                self.snapshots += 1
                if not self.begun.done():
                    self.newest = time.time()  # a snapshot may have no sample yet
                    self.begun.set_result(None)
            else:
                continue
            if taken := AT.findall(event):
                self.look(time.time())
                self.newest = float(taken[-1])

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        if not self.begun.done():
            self.begun.set_exception(exc or ConnectionError("closed before the snapshot"))


class Crowd:
    """All viewers, and what they received since the last line was printed."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._viewers: list[Viewer] = []
        self._since, self._worked = time.monotonic(), time.process_time()

    async def open(self, count: int) -> None:
        name, _, port = self._host.rpartition(":")
        loop = asyncio.get_running_loop()
        for at in range(0, count, AT_ONCE):
            few = [Viewer(self._host) for _ in range(min(AT_ONCE, count - at))]
            for viewer in few:
                await loop.create_connection(lambda viewer=viewer: viewer, name, int(port))  # type: ignore[misc]
            await asyncio.gather(*(viewer.begun for viewer in few))
            self._viewers += few
        self.print_window()

    def print_window(self) -> None:
        """Print a line of JSON, and begin a new window."""
        now, seconds = time.time(), time.monotonic() - self._since
        for viewer in self._viewers:
            viewer.look(now)
        changes = [viewer.changes / seconds for viewer in self._viewers]
        window = {
            "viewers": len(self._viewers),
            "lost": sum(viewer.is_lost for viewer in self._viewers),
            "seconds": seconds,
            "changes_per_s": {
                "fewest": min(changes),
                "median": statistics.median(changes),
                "most": max(changes),
            },
            "oldest_s": {
                "median": statistics.median(viewer.oldest for viewer in self._viewers),
                "worst": max(viewer.oldest for viewer in self._viewers),
            },
            "snapshots": sum(viewer.snapshots for viewer in self._viewers),
            "bytes_per_s": sum(viewer.bytes for viewer in self._viewers) / seconds,
            "cores": (time.process_time() - self._worked) / seconds,
        }
        print(json.dumps(window), flush=True)
        for viewer in self._viewers:
            viewer.begin_window()
        self._since, self._worked = time.monotonic(), time.process_time()


async def main(host: str, count: int) -> None:
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 100 if most < 0 else min(count + 100, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, wanted), most))
    crowd = Crowd(host)
    await crowd.open(count)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, crowd.print_window)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
