"""Clicks the links, also under load, and keeps what each answer said, message by message."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from patterns import PATTERNS

ANSWERED_WITHIN = 30  # seconds
AT_ONCE = 3  # messages of a click
PAUSE = 0.05  # seconds between two clicks of one link


class Links:
    """The links of a web server, and what they said of each message.

    Each link has a thread of its own that clicks under load; all append to the same lists.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self.sent: dict[str, list[str]] = {name: [] for name in PATTERNS}  # ids, by pattern
        self.unknown: dict[str, list[str]] = {name: [] for name in PATTERNS}
        self.unheard: set[str] = set()  # ids of what was sent and reached nobody, as Redis said
        self.clicks: Counter[tuple[str, str]] = Counter()  # by pattern and outcome
        self.unanswered: Counter[str] = Counter()  # messages of clicks whose connection ended first

    def ask(
        self, path: str, method: str = "GET", body: str = "", **headers: str
    ) -> tuple[int, Any]:
        """Return the status and the JSON of an answer; names of headers have _ for -."""
        connection = http.client.HTTPConnection(self._host, timeout=ANSWERED_WITHIN)
        named = {"Accept": "application/json"} | {
            key.replace("_", "-"): value for key, value in headers.items()
        }
        try:
            connection.request(method, path, body or None, named)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            connection.close()

    def click(self, name: str, count: int = 1) -> str:
        """Send so many messages by one link; return the outcome."""
        try:
            _, told = self.ask(f"/{name}?count={count}")
        except (OSError, http.client.HTTPException):
            self.unanswered[name] += count
            return "unanswered"
        return self.record(name, told)

    def record(self, name: str, told: dict[str, Any]) -> str:
        """Keep what an answer said of its messages; return the outcome."""
        outcome = str(told.get("outcome"))
        self.clicks[name, outcome] += 1
        if "from" in told:
            ids = [f"{told['from']}-{seq}" for seq in range(told["first"], told["last"] + 1)]
            (self.sent if outcome == "sent" else self.unknown)[name] += ids
            reached = told.get("subscribers", [])
            self.unheard |= {id_ for id_, n in zip(ids, reached, strict=False) if not n}
        return outcome

    def answered_in(self, path: str) -> float:
        """Return the seconds that an answer took."""
        asked = time.monotonic()
        self.ask(path)
        return time.monotonic() - asked

    def click_each(self) -> None:
        """Send one message by each link."""
        for name in PATTERNS:
            self.click(name)

    @contextmanager
    def under_load(self) -> Iterator[None]:
        """Click every link again and again, until the end of the block."""
        over = threading.Event()

        def go_on(name: str) -> None:
            while not over.wait(PAUSE):
                self.click(name, AT_ONCE)

        threads = [threading.Thread(target=go_on, args=(name,), daemon=True) for name in PATTERNS]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(ANSWERED_WITHIN)
