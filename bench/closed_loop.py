"""Clients that send a request as soon as the last is answered: wrk, or this module without it."""

import asyncio
import re
import shutil
import subprocess
import sys
import time

from bench.bars import SpoiltError

CONNECTIONS = 10


def client() -> str:
    """The name of the program that sends the requests."""
    return "wrk" if shutil.which("wrk") else "bench.closed_loop"


def requests_per_second(host: str, path: str, seconds: float) -> float:
    """Answered requests per second; raises SpoiltError when an answer is an error."""
    duration = str(round(seconds))
    if wrk := shutil.which("wrk"):
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{duration}", f"http://{host}{path}"]
    else:
        command = [sys.executable, "-m", "bench.closed_loop", host, path, duration]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = re.search(r"Requests/sec: +([\d.]+)", said)
    if not found or re.search(r"Non-2xx|Socket errors", said):
        raise SpoiltError(f"Not every request was answered: {said}")
    return float(found[1])


async def ask(host: str, path: str, until: float) -> int:
    """Send requests until a time of time.monotonic(); return how many were answered."""
    name, _, port = host.rpartition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    answered = 0
    while time.monotonic() < until:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: (\d+)", head)
        if not length or not head.startswith((b"http/1.1 2", b"http/1.1 3")):
            raise SpoiltError(f"An answer was {head!r}")
        await reader.readexactly(int(length[1]))
        answered += 1
    writer.close()
    return answered


async def main(host: str, path: str, seconds: float) -> None:
    begin = time.monotonic()
    asking = (ask(host, path, begin + seconds) for _ in range(CONNECTIONS))
    answered = sum(await asyncio.gather(*asking))
    print(f"Requests/sec: {answered / (time.monotonic() - begin):.1f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
