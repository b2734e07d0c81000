"""Sends messages at times that are decided before: python -m lab.producer PATTERN CLIENT

This is an open loop: a Redis that stalls does not slow it down, so the stall shows in the delays.
It reads a `Load` from each line of its input, or «stop» for the one that goes on, and prints a line
for each write. CLIENT is ours, waiting (for a replica), plain, or host and port of a web server.
"""

import http.client
import itertools
import json
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from redis import Redis, RedisError, exceptions
from redis.exceptions import ResponseError

from lab.history.records import ACKNOWLEDGED, REFUSED, UNKNOWN, digest
from lab.plain import connect_plainly
from lab.workloads import STOP, Load
from messaging.message import Message
from messaging.sending.sender import NotSentError, OutcomeUnknownError, Sender
from patterns import PATTERNS
from web import SENDS

MOST = 1000  # messages in one write, when as many are due
REPLICATED_WITHIN = 500  # milliseconds

# Sends these bodies in one write; returns its `outcome`, and `from` and `first` if they are known.
Send = Callable[[Sequence[str]], dict[str, Any]]


def ours(link: str) -> Send:
    """Send as web.py does."""
    return as_the_web(link, SENDS[link])


def waiting(link: str) -> Send:
    """The same, but a message counts as sent only when a replica has it (WAIT 1)."""

    def write(redis: Redis, lines: list[bytes]) -> Any:
        answer = SENDS[link](redis, lines)
        if not redis.wait(1, REPLICATED_WITHIN):
            raise exceptions.TimeoutError("No replica has it.")
        return answer

    return as_the_web(link, write)


def as_the_web(link: str, write: Any) -> Send:
    sender, length = Sender(), PATTERNS[link].store.length

    def send(bodies: Sequence[str]) -> dict[str, Any]:
        try:
            sent, _ = sender.send(link, write, bodies, length)
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


class Sending:
    """One load while it is sent. Another thread may tell it to stop."""

    def __init__(self, load: Load, send: Send, is_direct: bool) -> None:
        self._load, self._send, self._is_direct = load, send, is_direct
        bodies = ((body, digest(body)) for body in load.bodies())
        # Those that are due for certain are made before the time begins.
        self._bodies = itertools.chain([*itertools.islice(bodies, load.least)], bodies)
        self._start, self._begun = time.time(), time.monotonic()
        self._stopped, self._lock = threading.Event(), threading.Lock()
        self.lasted = 0.0  # seconds until it was told to stop

    def stop(self) -> None:
        with self._lock:
            self.lasted = self._elapsed()
            self._stopped.set()

    def run(self) -> int:
        """Send all of it; messages that are due together go in one write. Returns how many."""
        together: list[float] = []
        for number, at in enumerate(self._load.times()):
            if together and (len(together) == MOST or at > self._elapsed()):
                self._write(together)
                together = []
            if not self._is_due(number, at):
                break
            together.append(at)
        if together:
            self._write(together)
        return number

    def _elapsed(self) -> float:
        return time.monotonic() - self._begun

    def _is_due(self, number: int, at: float) -> bool:
        """Wait until this message is due; false when it is not to be sent."""
        if number < self._load.least:
            if (left := at - self._elapsed()) > 0:
                time.sleep(left)
            return True
        if not self._load.goes_on:
            return False
        self._stopped.wait(max(0, at - self._elapsed()))
        with self._lock:
            return not self._stopped.is_set() or at <= self.lasted

    def _write(self, due: Sequence[float]) -> None:
        pairs = [*itertools.islice(self._bodies, len(due) if self._is_direct else 1)]
        if not self._is_direct:  # a request has one body, whatever its count is
            pairs *= len(due)
        written = time.time()
        told = self._send([body for body, _ in pairs])
        told |= {"written": written, "answered": time.time(), "phase": self._load.phase}
        told["meant"] = [round(self._start + at, 6) for at in due]
        told["digests"] = [digest for _, digest in pairs]
        print(json.dumps(told), flush=True)


def main(link: str, client: str) -> None:
    ways = {"ours": ours, "waiting": waiting, "plain": plain}
    is_direct = client in ways
    send = ways[client](link) if is_direct else through_web(link, client)
    loads: queue.Queue[Load | None] = queue.Queue()
    current: list[Sending] = []

    def read() -> None:
        for line in sys.stdin:
            if line.strip() == STOP:
                current[-1].stop()
            else:
                loads.put(Load(**json.loads(line)))
        loads.put(None)

    threading.Thread(target=read, daemon=True).start()
    print(json.dumps({"ready": True}), flush=True)
    for n, load in enumerate(iter(loads.get, None)):
        current.append(Sending(load, send, is_direct))
        print(json.dumps({"begun": n}), flush=True)
        sent = current[-1].run()
        print(json.dumps({"done": n, "sent": sent, "lasted": current[-1].lasted}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
