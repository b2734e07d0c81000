"""The hub of a web process adds up the reports of all processes and tells the feed the changes."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from redis import RedisError

from controls import wire as controls
from messaging.connection import connect, explain
from messaging.reporting.report import COUNTS
from messaging.reporting.reporter import REPORT_INTERVAL, reports_channel
from pages.control.offer import OFFERED
from pages.live.feed import Feed
from pages.live.figures import figures, look, sample
from pages.live.ledger import Ledger
from pages.live.member import excuse_frozen
from pages.live.records import LOAD_ANEW, is_whole, load, readable, retire_those_that_left
from pages.live.wire import Change, Figures, Sample, Status
from patterns import PATTERNS

log = logging.getLogger("web")

HISTORY = 60  # samples, one a second
RETRY = 0.5  # second between two tries to reach Redis
GATHER = 0.02  # second that news waits, so that one tick tells of a sending and its receiving
READS = 20_000_000  # bytes a second of lines that wait; where they have 100 MB, looks are rare
RETIRE_INTERVAL = 2.0  # seconds
IDLE = 1.0  # second between two ticks when nobody reports, and between two samples


class Hub:
    """A hub hears reports; at each tick it tells the feed what has changed since the last tick.

    Only its own thread touches its attributes; what others may read, it gives to the feed.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._redis = connect(connections=1)  # beside the one that listens
        self._ledger = Ledger()
        self._waiting = {name: pattern.store.nothing for name, pattern in PATTERNS.items()}
        self._stage: dict[str, Any] | None = None  # what the demo says that it has started
        self._history: deque[Sample] = deque(maxlen=HISTORY)
        self._why_away = "Redis was not asked yet."  # empty while Redis answers
        self._run_id = ""  # of the Redis process
        self._ticked = self._tick_due = self._sampled = self._look_due = time.monotonic()
        self._retire_due = self._ticked + RETIRE_INTERVAL
        self._must_load = False  # a report was heard that does not follow those that are known
        # Their time stands still while Redis is away, because nobody can be heard since then.
        self._figures, self._figures_at = self._count(self._ticked), self._ticked
        self._tick(self._ticked)  # so that the feed has a status with all figures

    def start(self, is_over: Callable[[], bool]) -> None:
        """Start the thread; it asks `is_over` ten times a second and ends when that is true."""
        self._is_over = is_over
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while not self._is_over():
            try:
                self._listen()
            except RedisError as error:
                self._wait_for_redis(explain(error))
            except Exception:
                log.exception("what the live page knows has to be loaded anew")
                self._wait_for_redis("The live page failed; the log of the web says why.")
        self._feed.close()

    def _wait_for_redis(self, why: str) -> None:
        self._why_away = why
        self._tick(time.monotonic())
        time.sleep(RETRY)

    def _listen(self) -> None:
        with connect(connections=1) as redis, redis.pubsub(ignore_subscribe_messages=True) as inbox:
            inbox.subscribe(reports_channel())
            self._begin()
            while not self._is_over():
                now = time.monotonic()
                if now >= self._tick_due:
                    self._tick(now)
                wait = min(REPORT_INTERVAL, max(0.0, self._tick_due - now))
                if heard := inbox.get_message(timeout=wait):
                    self._hear(heard["data"])

    def _begin(self) -> None:
        """Load what Redis keeps, each time after Redis has been reached."""
        self._ledger.stand_still(self._figures_at, time.monotonic())
        load(self._redis, self._ledger, are_news=False)
        self._run_id = str(self._redis.info("server")["run_id"])
        self._why_away = ""
        self._tick_within(0.0)

    def _hear(self, line: bytes) -> None:
        """Count a report, or load what Redis keeps where that has changed or is needed."""
        if line == LOAD_ANEW:
            self._must_load, self._look_due = True, 0.0
        if line in (LOAD_ANEW, controls.STAGE_CHANGED):
            self._tick_within(GATHER)
        for report in readable([line]):
            if not self._ledger.follows(report):
                self._ledger.moves.hear(report)  # what is loaded may be a later report
                self._must_load = True
                self._tick_within(GATHER)
            elif self._ledger.hear(report):
                self._tick_within(GATHER)

    def _tick_within(self, seconds: float) -> None:
        """Bring the next tick forward, but not closer to the last one than viewers can bear."""
        soon = max(time.monotonic() + seconds, self._ticked + self._feed.interval)
        self._tick_due = min(self._tick_due, soon)

    def _tick(self, now: float) -> None:
        """Tell the feed the figures that changed, what moved, and once a second a sample."""
        before, is_sample_due = self._figures, now >= self._sampled + IDLE
        self._ticked, self._tick_due = now, now + IDLE
        if not self._why_away:  # while Redis is away, the last known figures stay
            if self._must_load or (is_sample_due and not is_whole(self._redis, self._ledger)):
                load(self._redis, self._ledger, are_news=True)
                self._must_load = False
            self._look(now)
            if now >= self._retire_due:
                self._retire_due = now + RETIRE_INTERVAL
                if self._ledger.has_many_that_are_over():
                    retire_those_that_left(self._redis)
            self._figures, self._figures_at = self._count(now), now
        status: Status = {
            "redis": "away" if self._why_away else "up",
            "why": self._why_away,
            "refused": "",
            "run_id": self._run_id,
            "at": time.time(),
            "stage": self._stage,
            "zero": not any(one.get(name) for one in self._figures.values() for name in COUNTS),
            "patterns": self._figures,
        }
        changed = {name: one for name, one in self._figures.items() if one != before[name]}
        change: Change = {**status, "patterns": changed, "moves": self._ledger.moves.take()}  # type: ignore[typeddict-item]
        if is_sample_due:
            change["sample"] = sample(self._ledger.take_fresh(), now - self._sampled)
            self._history.append(change["sample"])
            self._sampled = now
        self._feed.tell(change, status, [*self._history], self._ledger.reset_at)

    def _look(self, now: float) -> None:
        """Ask Redis what waits, unless that was so much that it is too early, and what obeys."""
        if now >= self._look_due:
            self._waiting = look(self._redis)
            size = sum(one.size() for one in self._waiting.values())
            self._look_due = time.monotonic() + size / READS
        stage = controls.look(self._redis, OFFERED) if OFFERED else None
        self._stage = asdict(stage) if stage else None
        excuse_frozen(self._ledger.members.values(), self._stage, now)

    def _count(self, now: float) -> dict[str, Figures]:
        return {
            name: figures(pattern, self._ledger, self._waiting[name], now)
            for name, pattern in PATTERNS.items()
        }
