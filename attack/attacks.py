"""The attacks: each is a function whose docstring says what is tried, and what is to come."""

import json
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

from redis import Redis

from attack import faults
from attack.target import Target
from messaging.reporting.reporter import RECORDS, RESET, reports_channel
from patterns.fanout import LISTENERS
from patterns.reliable import DEATHS, HOLDERS
from starting.process import wait_until

DURING = 3  # seconds that a fault of Redis lasts
HALF_FORM = b"POST /prodcons HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\ncount=1"
NEVER_READ = b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass(frozen=True)
class Attack:
    """One attack: `run` makes it and returns what came that was not to come, or «»."""

    tried: str
    to_come: str
    run: Callable[[Target], str]


def hostile_requests(target: Target) -> str:
    """Send what is no good request; each gets an answer that is not 500, and none sends."""
    before = target.redis.info("stats")["total_commands_processed"]
    wrong = [f"{line!r}: {status}" for line, status in answers(target) if status >= 500]
    return "; ".join(wrong) if before else "no Redis"


def answers(target: Target) -> Iterator[tuple[bytes, int]]:
    """Yield the first line of each hostile request and the status of its answer; 0: none came."""
    for line in HOSTILE:
        with socket.create_connection(("127.0.0.1", target.web.port), 10) as client:
            client.sendall(line)
            client.shutdown(socket.SHUT_WR)
            said = client.recv(100)
        yield line[:60], int(said.split()[1]) if said.startswith(b"HTTP/1.1 ") else 0


HOST = b" HTTP/1.1\r\nHost: localhost\r\n"
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
    b"GET /../../etc/passwd" + HOST + b"\r\n",
    b"GET /compare/%00/%ff" + HOST + b"\r\n",
    b"GET /style/..%2f..%2fweb.py.css" + HOST + b"\r\n",
    b"POST /prodcons" + HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
    b"POST /prodcons" + HOST + b"Content-Length: 999999999999\r\n\r\n",
    b"POST /prodcons" + HOST + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /reset" + HOST + b"Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n",
    b"GET /?left=%00&right=../x&sent=x&count=-1&length=" + b"9" * 5000 + HOST + b"\r\n",
    b"\x00\xff\x16\x03\x01",
    b"GET / HTTP/9.9\r\n\r\n",
]


def forged_reports(target: Target) -> str:
    """Publish and keep what looks like reports; the live page goes on, and counts none of them."""
    before = target.figures("prodcons")
    whole = next(iter(target.redis.hgetall(RECORDS).values()))
    fields = json.loads(whole)
    huge = 10**400
    forged = [
        {**fields, "n": fields["n"] + 10**6, "counts": {"received": huge}},
        {**fields, "n": fields["n"] + 10**6, "delays": {"5": huge}},
        {**fields, "n": fields["n"] + 10**6, "at": -huge},
        {**fields, "id": "\ud800", "name": "\udfff"},
        {**fields, "id": "forged", "name": "x" * 5_000_000},
        {**fields, "id": "forged", "recent": [["\ud800", "x", 1]]},
        {**fields, "id": "forged", "counts": {"received": True}},
    ]
    lines = [json.dumps(one).encode() for one in forged]
    lines += [b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"", whole[:-1], b"null"]
    for number, line in enumerate(lines):
        target.redis.publish(reports_channel(), line)
        target.redis.hset(RECORDS, f"forged-{number}", line)
    target.redis.set(RESET, b"\xff")
    target.send()
    counted = wait_until(lambda: target.figures("prodcons")["sent"] > before["sent"], 10)
    return "" if counted else "the live page counts no more"


def forged_keys(target: Target) -> str:
    """Write names and counts that are none into our keys; listeners and page go on."""
    target.redis.sadd(HOLDERS, b"\xff")
    target.redis.hset(DEATHS, mapping={"x": "many", "y": "9" * 5000})
    target.redis.zadd(LISTENERS, {b"\xff": 2**40})
    target.redis.set("task:other", "of another program")
    return ended(target)


def half_sent_forms(target: Target) -> str:
    """Open 500 connections with half a form, and 200 event streams unread; clicks are answered."""
    with ExitStack() as stack:
        for line, count in ((HALF_FORM, 500), (NEVER_READ, 200)):
            for _ in range(count):
                client = socket.create_connection(("127.0.0.1", target.web.port), 10)
                stack.enter_context(client)
                client.sendall(line)
        outcomes = target.send(10)
    return "" if outcomes["sent"] == 5 else f"{dict(outcomes)}"


def restarted_web(target: Target) -> str:
    """Restart the web's processes by SIGHUP while clicks come; each click has its answer."""
    target.web.gets(signal.SIGHUP)
    for _ in range(20):
        target.send()
    return ended(target)


def fault(name: str, make: Callable[[Redis], AbstractContextManager[None]]) -> Attack:
    """An attack by a fault of Redis."""

    def run(target: Target) -> str:
        target.send(3)
        with make(target.redis):
            wait_until(lambda: False, DURING)
            target.send(3)
        return ended(target)

    to_come = "what is said to be sent arrives, once; nobody ends; afterwards all goes on"
    return Attack(f"Redis: {name}", to_come, run)


def ended(target: Target) -> str:
    """Return who has ended, though it was not to."""
    parts = {"web": target.web, **target.listeners}
    return ", ".join(f"{name} ended" for name, part in parts.items() if part.has_ended())


def described(run: Callable[[Target], str]) -> Attack:
    """Make an attack of a function, by the two halves of its docstring."""
    tried, _, to_come = (run.__doc__ or "").rstrip(".").partition("; ")
    return Attack(tried, to_come, run)


ATTACKS = [
    *map(described, (hostile_requests, forged_reports, forged_keys, half_sent_forms)),
    described(restarted_web),
    fault("cannot save (MISCONF)", faults.disk_full),
    fault("is busy with a script (BUSY)", faults.busy),
    fault("is full (OOM)", faults.full),
    fault("is read-only (READONLY)", faults.read_only),
    fault("forbids PING", lambda redis: faults.without(redis, "-ping")),
    fault("forbids MULTI", lambda redis: faults.without(redis, "-multi")),
    fault("forbids PUBLISH", lambda redis: faults.without(redis, "-publish")),
    fault("is paused", faults.paused),
]
