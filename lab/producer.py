"""Sends messages at times that are decided before: python -m lab.producer PATTERN CLIENT

This is an open loop: a Redis that stalls does not slow it down, so the stall shows in the delays.
It reads commands, one line of JSON each, and prints a line for each write and each command done.
CLIENT is ours, plain, or the host and port of a web server.
"""

import http.client
import json
import os
import random
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from redis import RedisError
from redis.exceptions import ResponseError

from lab.plain import connect_plainly
from messaging.message import Message
from messaging.sending.sender import NotSentError, Sender, UnknownError
from patterns import PATTERNS
from web import SENDS

MOST = 1000  # messages in one write, when as many are due

# Sends these bodies in one write; returns the sender, the number of the first one, and the outcome.
Send = Callable[[Sequence[str]], tuple[str, int, str]]


def ours(link: str) -> Send:
    """Send as web.py does."""
    sender, length = Sender(), PATTERNS[link].store.length

    def send(bodies: Sequence[str]) -> tuple[str, int, str]:
        try:
            sent, _ = sender.send(link, SENDS[link], bodies, length)
        except UnknownError as error:
            return error.sent.sender, error.sent.first, "unknown"
        except NotSentError:
            return "", 1, "refused"
        return sent.sender, sent.first, "acknowledged"

    return send


def plain(link: str) -> Send:
    """Send as a tutorial would: redis-py by default sends again when a reply is lost."""
    redis = connect_plainly()
    name, last = f"plain-{os.getpid()}-{secrets.token_hex(3)}", 0

    def send(bodies: Sequence[str]) -> tuple[str, int, str]:
        nonlocal last
        first, now = last + 1, time.time()
        last += len(bodies)
        lines = [Message(body, name, seq, now).encode() for seq, body in enumerate(bodies, first)]
        try:
            SENDS[link](redis, lines)
        except ResponseError:
            return name, first, "refused"
        except RedisError:
            return name, first, "unknown"
        return name, first, "acknowledged"

    return send


def through_web(link: str, host: str) -> Send:
    """Send over HTTP, with a POST to the link; the answer contains the numbers."""
    connection = http.client.HTTPConnection(host, timeout=10)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}

    def send(bodies: Sequence[str]) -> tuple[str, int, str]:
        form = f"count={len(bodies)}&body={bodies[0]}"
        try:
            connection.request("POST", f"/{link}", form, headers)
            answer = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return "", 1, "unknown"
        if answer.get("outcome") not in ("sent", "unknown"):
            return "", 1, "refused"
        outcome = "acknowledged" if answer["outcome"] == "sent" else "unknown"
        return answer["from"], answer["first"], outcome

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
        now = time.monotonic() - begun
        if offsets[at] > now:
            time.sleep(offsets[at] - now)
            continue
        end = at + 1
        while end < count and end - at < MOST and offsets[end] <= now:
            end += 1
        written = time.time()
        sender, first, outcome = send([body] * (end - at))
        line = {"from": sender, "first": first, "outcome": outcome, "written": written}
        meant = [round(start + offset, 6) for offset in offsets[at:end]]
        write_line({**line, "answered": time.time(), "meant": meant})
        at = end


def write_line(fields: dict[str, Any]) -> None:
    print(json.dumps(fields), flush=True)


def main(link: str, client: str) -> None:
    if client == "plain":
        send = plain(link)
    else:
        send = ours(link) if client == "ours" else through_web(link, client)
    write_line({"ready": True})
    for n, line in enumerate(sys.stdin):
        run(send, **json.loads(line))
        write_line({"done": n})


if __name__ == "__main__":
    main(*sys.argv[1:])
