"""Sends messages at times that are decided before: python -m lab.producer PATTERN CLIENT

This is an open loop: a Redis that stalls does not slow it down, so the stall shows in the delays.
It reads commands, one line of JSON each, and prints a line for each write and each command done.
CLIENT is ours, plain, or the host and port of a web server.
"""

import http.client
import itertools
import json
import random
import sys
import time
from bisect import bisect
from collections.abc import Callable, Sequence
from typing import Any

from redis import RedisError
from redis.exceptions import ResponseError

from lab.history import ACKNOWLEDGED, REFUSED, UNKNOWN
from lab.plain import connect_plainly
from messaging.message import Message
from messaging.sending.sender import NotSentError, OutcomeUnknownError, Sender
from patterns import PATTERNS
from web import SENDS

MOST = 1000  # messages in one write, when as many are due

# Sends these bodies in one write; returns its `outcome`, and `from` and `first` if they are known.
Send = Callable[[Sequence[str]], dict[str, Any]]


def ours(link: str) -> Send:
    """Send as web.py does."""
    sender, length = Sender(), PATTERNS[link].store.length

    def send(bodies: Sequence[str]) -> dict[str, Any]:
        try:
            sent, _ = sender.send(link, SENDS[link], bodies, length)
        except OutcomeUnknownError as error:
            return {"outcome": UNKNOWN, **error.sent.numbers()}
        except NotSentError:
            return {"outcome": REFUSED}
        return {"outcome": ACKNOWLEDGED, **sent.numbers()}

    return send


def plain(link: str) -> Send:
    """Send as a tutorial would: redis-py by default sends again when a reply is lost."""
    redis, numbers = connect_plainly(), itertools.count(1)

    def send(bodies: Sequence[str]) -> dict[str, Any]:
        messages = [Message(body, "plain", next(numbers), time.time()) for body in bodies]
        told = {"from": "plain", "first": messages[0].seq}
        try:
            SENDS[link](redis, [message.encode() for message in messages])
        except ResponseError:
            return {"outcome": REFUSED}
        except RedisError:
            return {"outcome": UNKNOWN, **told}
        return {"outcome": ACKNOWLEDGED, **told}

    return send


def through_web(link: str, host: str) -> Send:
    """Send over HTTP, with a POST to the link; the answer contains the numbers."""
    connection = http.client.HTTPConnection(host, timeout=10)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}

    def send(bodies: Sequence[str]) -> dict[str, Any]:
        form = f"count={len(bodies)}&body={bodies[0]}"
        try:
            connection.request("POST", f"/{link}", form, headers)
            answer = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return {"outcome": UNKNOWN}
        outcome = {"sent": ACKNOWLEDGED, "unknown": UNKNOWN}.get(answer.get("outcome"), REFUSED)
        return {**answer, "outcome": outcome}

    return send


def schedule(rate: float, count: int, seed: int) -> list[float]:
    """When each message is due, in seconds after the start, at `rate` per second on average.

    The times are random like the clicks of many people (a Poisson process with a known count), and
    the same for the same seed. At a rate of 0 all messages are due at once.
    """
    if not rate:
        return [0.0] * count
    chance = random.Random(seed)
    return sorted(chance.uniform(0, count / rate) for _ in range(count))


def run(send: Send, rate: float, count: int, seed: int, body: str) -> None:
    """Send at the scheduled times; messages that are due together go in one write."""
    offsets = schedule(rate, count, seed)
    start, begun = time.time(), time.monotonic()
    at = 0
    while at < count:
        time.sleep(max(0, begun + offsets[at] - time.monotonic()))
        now = time.monotonic() - begun
        end = max(at + 1, bisect(offsets, now, at, min(at + MOST, count)))
        written = time.time()
        told = send([body] * (end - at))
        meant = [round(start + offset, 6) for offset in offsets[at:end]]
        times = {"meant": meant, "written": written, "answered": time.time()}
        print(json.dumps(told | times), flush=True)
        at = end


def main(link: str, client: str) -> None:
    ways = {"ours": ours, "plain": plain}
    send = ways[client](link) if client in ways else through_web(link, client)
    print(json.dumps({"ready": True}), flush=True)
    for n, line in enumerate(sys.stdin):
        run(send, **json.loads(line))
        print(json.dumps({"done": n}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
