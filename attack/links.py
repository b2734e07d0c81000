"""Clicks the links, also under load, and keeps what each answer said, message by message."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from patterns import PATTERNS

ANSWERED_WITHIN = 30  # seconds
# What a click may be answered by. A 503 may come from the link or before it, as in take_turns.
OUTCOMES = {200: "sent", 503: "refused", 504: "unknown"}
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
        # Ids of what was sent and reached nobody, as Redis said.
        self.unheard: dict[str, set[str]] = {name: set() for name in PATTERNS}
        self.refused: Counter[str] = Counter()  # clicks, by pattern
        # Messages of clicks whose connection ended first, or whose answer says nothing of them.
        self.unanswered: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()  # answers that were not to come, by what they were
        self._goes = threading.Event()  # whether load clicks
        self._goes.set()

    def ask(self, path: str) -> tuple[int, bytes]:
        """Return the status and the body of an answer, which is asked for as JSON."""
        connection = http.client.HTTPConnection(self._host, timeout=ANSWERED_WITHIN)
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def click(self, name: str, count: int = 1) -> str:
        """Send so many messages by one link; return the outcome."""
        try:
            status, body = self.ask(f"/{name}?count={count}")
        except (OSError, http.client.HTTPException):
            self.unanswered[name] += count
            return "unanswered"
        return self.record(name, status, body, count)

    def record(self, name: str, status: int, body: bytes, count: int = 1) -> str:
        """Keep what the answer to a click says of its messages; return the outcome."""
        outcome = OUTCOMES.get(status)
        if outcome == "refused":
            self.refused[name] += 1
            return outcome
        try:
            told = json.loads(body) if outcome else {}
            ids = [f"{told['from']}-{seq}" for seq in range(told["first"], told["last"] + 1)]
        except (ValueError, TypeError, KeyError):  # as a page of gunicorn's own, which is HTML
            self._wrong[f"status {status}{', but no JSON' if outcome else ''}"] += 1
            self.unanswered[name] += count
            return "wrong"
        (self.sent if outcome == "sent" else self.unknown)[name] += ids
        reached = told.get("subscribers", [])
        self.unheard[name] |= {id_ for id_, n in zip(ids, reached, strict=False) if not n}
        return str(outcome)

    def wrong(self) -> str:
        """Return which answers came that were not to come, or «»."""
        return ", ".join(f"{n:,} answers with {what}" for what, n in self._wrong.items())

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
                if self._goes.is_set():
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

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Start no click under load until the end of the block, so that figures stand still."""
        self._goes.clear()
        try:
            yield
        finally:
            self._goes.set()
