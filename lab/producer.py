"""Sends on schedule, whatever becomes of it: an open loop, so that no stall hides itself.

A process of its own. It reads commands from its input, one line of JSON each, and prints one line
for each write and one when a command is done: python -m lab.producer PATTERN CLIENT
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

MOST = 1000  # messages in one write, when so many are due

# Sends these bodies: the sender's name, the first and the last number, and what became of them.
Send = Callable[[Sequence[str]], tuple[str, int, int, str]]


def ours(link: str) -> Send:
    """As web.py sends."""
    sender, length = Sender(), PATTERNS[link].store.length

    def send(bodies: Sequence[str]) -> tuple[str, int, int, str]:
        try:
            sent, _ = sender.send(link, SENDS[link], bodies, length)
        except UnknownError as error:
            return error.sent.sender, error.sent.first, error.sent.last, "unknown"
        except NotSentError:
            return "", 1, len(bodies), "refused"
        return sent.sender, sent.first, sent.last, "acknowledged"

    return send


def plain(link: str) -> Send:
    """As a tutorial would: redis-py with its defaults, which send again when a reply is lost."""
    redis = connect_plainly()
    name, last = f"plain-{os.getpid()}-{secrets.token_hex(3)}", 0

    def send(bodies: Sequence[str]) -> tuple[str, int, int, str]:
        nonlocal last
        first, now = last + 1, time.time()
        last += len(bodies)
        lines = [Message(body, name, seq, now).encode() for seq, body in enumerate(bodies, first)]
        try:
            SENDS[link](redis, lines)
        except ResponseError:
            return name, first, last, "refused"
        except RedisError:
            return name, first, last, "unknown"
        return name, first, last, "acknowledged"

    return send


def through_web(link: str, host: str) -> Send:
    """Over HTTP, by the link; what it answers tells the numbers."""
    connection = http.client.HTTPConnection(host, timeout=10)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}

    def send(bodies: Sequence[str]) -> tuple[str, int, int, str]:
        form = f"count={len(bodies)}&body={bodies[0]}"
        try:
            connection.request("POST", f"/{link}", form, headers)
            told = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return "", 1, len(bodies), "unknown"
        if told.get("outcome") not in ("sent", "unknown"):
            return "", 1, len(bodies), "refused"
        outcome = "acknowledged" if told["outcome"] == "sent" else "unknown"
        return told["from"], told["first"], told["last"], outcome

    return send


def schedule(rate: float, count: int, seed: int) -> list[float]:
    """Seconds after the start of `count` messages, at `rate` per second on average.

    They come at random, as clicks of many people do (a Poisson process of which the count is
    known); the same seed gives the same times. At a rate of 0 all are meant at once.
    """
    if not rate:
        return [0.0] * count
    chance = random.Random(seed)  # nobody has to be kept from guessing it
    return sorted(chance.uniform(0, count / rate) for _ in range(count))


def run(send: Send, rate: float, count: int, seed: int, body: str) -> None:
    """Send on schedule; what is due together goes in one write."""
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
        sender, first, _, outcome = send([body] * (end - at))
        told = {"from": sender, "first": first, "outcome": outcome, "written": written}
        meant = [round(start + offset, 6) for offset in offsets[at:end]]
        tell({**told, "answered": time.time(), "meant": meant})
        at = end


def tell(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main(link: str, client: str) -> None:
    if client == "plain":
        send = plain(link)
    else:
        send = ours(link) if client == "ours" else through_web(link, client)
    tell({"ready": True})
    for n, line in enumerate(sys.stdin):
        run(send, **json.loads(line))
        tell({"done": n})


if __name__ == "__main__":
    main(*sys.argv[1:])
