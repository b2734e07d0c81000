"""Hostile requests and slow clients: what anybody can do who reaches the web server."""

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from attack.effort import Effort
from attack.target import Target

ANSWERED_WITHIN = 10  # seconds
PROMPTLY = 4  # seconds in which a click is answered, whatever others do, on a busy machine too
HOST = b" HTTP/1.1\r\nHost: localhost\r\n"
HALF_FORM = b"POST /prodcons" + HOST + b"Content-Length: 60000\r\n\r\ncount=1"
HALF_HEADER = b"GET /prodcons HTTP/1.1\r\nHo"
NEVER_READ = b"GET /events" + HOST + b"\r\n"
CLICK = b"GET /prodcons" + HOST + b"Accept: application/json\r\nConnection: close\r\n\r\n"
HOSTILE = [
    b"GET /prodcons?count=99999" + HOST + b"\r\n",
    b"GET /prodcons?count=%D9%A3" + HOST + b"\r\n",
    b"GET /prodcons?body=%ff%fe" + HOST + b"\r\n",
    b"GET /prodcons?body=a&body=b" + HOST + b"\r\n",
    b"GET /prodcons?body=" + b"x" * 7000 + HOST + b"\r\n",
    b"HEAD /prodcons" + HOST + b"\r\n",
    b"DELETE /prodcons" + HOST + b"\r\n",
    b"GET /prodcons" + HOST + b"Sec-Purpose: prefetch\r\n\r\n",
    b"GET /prodcons" + HOST + b"Sec-Fetch-Site: cross-site\r\n\r\n",
    b"GET /prodcons HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET /prodcons" + HOST + b"SCRIPT_NAME: //evil.example\r\nSec-Fetch-Site: cross-site\r\n\r\n",
    b"GET /../../etc/passwd" + HOST + b"\r\n",
    b"GET /compare/%00/%ff" + HOST + b"\r\n",
    b"GET /style/..%2f..%2fweb.py.css" + HOST + b"\r\n",
    b"POST /prodcons" + HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
    b"POST /prodcons" + HOST + b"Content-Length: 999999999999\r\n\r\n",
    b"POST /prodcons" + HOST + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /reset" + HOST + b"Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n",
    b"GET /?left=%00&right=../x&sent=x&count=-1&length=" + b"9" * 5000 + HOST + b"\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
]
# No whole line comes, so no answer has to come either.
NO_LINE = b"\x00\xff\x16\x03\x01"


def hostile_requests(target: Target, effort: Effort) -> str:
    """Send what is no good request, again and again; none gets a 500, and none sends."""
    return "; ".join(filter(None, (wrong_answers(target.web.port) for _ in range(effort.scale))))


def wrong_answers(port: int) -> str:
    """Return which hostile requests got a 500, or no answer where one had to come; or «»."""
    statuses = {line: status_of(port, line) for line in (*HOSTILE, NO_LINE)}
    wrong = {line: got for line, got in statuses.items() if got in (0, 500)}
    if not wrong.get(NO_LINE, 1):
        del wrong[NO_LINE]
    return "; ".join(f"{line[:60]!r}: {got or 'no answer'}" for line, got in wrong.items())


def status_of(port: int, line: bytes) -> int:
    """Return the status of the answer to these bytes; 0: none came."""
    with socket.create_connection(("127.0.0.1", port), ANSWERED_WITHIN) as client:
        client.sendall(line)
        client.shutdown(socket.SHUT_WR)
        return status_in(client.recv(100))


def status_in(answer: bytes) -> int:
    """Return the status in an answer; 0 where it has none."""
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def slow_clients(target: Target, effort: Effort) -> str:
    """Send half forms, half headers and pages never read, all at once; every click is answered."""
    with ExitStack() as stack:
        for line, count in ((HALF_FORM, 100), (HALF_HEADER, 100), (NEVER_READ, 50)):
            for _ in range(count * effort.scale):
                client = socket.create_connection(("127.0.0.1", target.web.port), ANSWERED_WITHIN)
                stack.enter_context(client)
                client.sendall(line)
        begun, outcomes = time.monotonic(), []
        while time.monotonic() < begun + effort.seconds:
            outcomes.append(target.links.click("pubsub"))
    return "" if set(outcomes) == {"sent"} else f"clicks were answered by {set(outcomes)}"


def many_clients(target: Target, effort: Effort) -> str:
    """Click from many clients at once, again and again; each is answered or refused in time."""
    clicking = click_at_once(target, 50 * effort.scale, effort.seconds)
    with ThreadPoolExecutor(1) as thread:  # in this one, another loop may run
        delays = thread.submit(asyncio.run, clicking).result()
    late = sum(delay > PROMPTLY for delay in delays)
    return f"{late:,} of {len(delays):,} answers after more than {PROMPTLY} s" if late else ""


async def click_at_once(target: Target, clients: int, seconds: float) -> list[float]:
    """Let each client click again and again; return the seconds that each answer took."""
    delays: list[float] = []
    over = time.monotonic() + seconds

    async def go_on() -> None:
        while (asked := time.monotonic()) < over:
            reader, writer = await asyncio.open_connection("127.0.0.1", target.web.port)
            writer.write(CLICK)
            answer = await reader.read()
            delays.append(time.monotonic() - asked)
            body = answer.partition(b"\r\n\r\n")[2]
            target.links.record("prodcons", status_in(answer), body)
            writer.close()

    await asyncio.gather(*(go_on() for _ in range(clients)))
    return delays
