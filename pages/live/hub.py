"""The hub of a web process receives the reports of all processes and tells viewers the changes."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from redis import RedisError

from messaging.connection import connect, explain
from messaging.reporting.reporter import REPORT_INTERVAL, reports_channel
from pages.live.figures import figures, is_zero, sample
from pages.live.ledger import Ledger
from pages.live.records import is_whole, keep_zeros, load, readable
from pages.live.schedule import GATHER, IDLE, TickSchedule
from pages.live.viewers import Viewers
from pages.live.waiting import look, nothing_waits
from pages.live.wire import Change, Figures, Sample, Snapshot, Status
from patterns import PATTERNS

log = logging.getLogger("web")

HISTORY = 60  # samples, one a second
RETRY = 0.5  # second between two tries to reach Redis
RESET_WITHIN = 1.0  # second that a reset waits to come back from Redis
ZERO = b"zero "  # the beginning of the line that is published to zero the figures


class Hub:
    """A hub receives reports; at each tick it tells viewers what has changed since the last tick.

    It has a thread and two connections of its own, and no other thread changes its attributes.
    Views read `status()`, whose parts are replaced but never changed, and wait on `_ticks`.
    """

    def __init__(self, viewers: Viewers) -> None:
        self.viewers = viewers
        self._redis = connect(connections=1)
        self._ledger = Ledger()
        self._waiting = nothing_waits(PATTERNS.values())
        self._history: deque[Sample] = deque(maxlen=HISTORY)
        self._why_away = "Redis was not asked yet."  # empty while Redis answers
        self._run_id = ""  # of the Redis process
        self._zeroed = ""  # the name of the last reset that the figures include
        self._schedule = TickSchedule()
        self._sampled = self._schedule.ticked  # when the last sample was taken
        self._ticks = threading.Condition()  # notified after each tick that told news
        self._figures: dict[str, Figures] = {}
        self._count(self._sampled)
        self.viewers.begin(self._snapshot())

    def start(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Start the thread; it asks `is_over` ten times a second and ends when that is true."""
        self._is_over = is_over
        threading.Thread(target=self._run, daemon=True).start()

    def status(self) -> Status:
        """Return the figures of the last tick, and whether Redis answers."""
        return {
            "redis": "away" if self._why_away else "up",
            "why": self._why_away,
            "run_id": self._run_id,
            "at": time.time(),
            "zero": is_zero(self._figures.values()),
            "patterns": self._figures,
        }

    def zero(self) -> str:
        """Zero the figures in all web processes; return the reset's name once it is done here.

        Return an empty string if Redis did not pass the reset on in time. Raises RedisError.
        """
        asked = f"{time.time():.6f}"
        with connect() as redis:
            redis.publish(reports_channel(), ZERO + asked.encode())
        return asked if self.wait_for_zero(asked) else ""

    def wait_for_zero(self, asked: str) -> bool:
        """Wait until the figures include the reset of that name; return whether they do."""
        with self._ticks:
            return self._ticks.wait_for(lambda: self._zeroed >= asked, RESET_WITHIN)

    def wait_for_news(self, seconds: float) -> None:
        """Wait until a tick tells news, but at most so many seconds."""
        with self._ticks:
            self._ticks.wait(seconds)

    def _run(self) -> None:
        while not self._is_over():
            try:
                self._listen()
            except RedisError as error:
                self._wait_for_redis(explain(error))
            except Exception:
                log.exception("what the live page knows has to be loaded anew")
                self._wait_for_redis("The live page failed; the log of the web says why.")
        self.viewers.close()

    def _wait_for_redis(self, why: str) -> None:
        self._why_away = why
        self._schedule.news_at_once()
        self._tick_when_due()
        time.sleep(RETRY)

    def _listen(self) -> None:
        redis = connect(connections=1)
        with redis.pubsub(ignore_subscribe_messages=True) as pubsub:  # type: ignore[no-untyped-call]
            pubsub.subscribe(reports_channel())
            self._begin()
            while not self._is_over():
                self._tick_when_due()
                wait = GATHER if self._schedule.has_news else REPORT_INTERVAL
                if heard := pubsub.get_message(timeout=wait):
                    self._hear(heard["data"])
        redis.close()

    def _begin(self) -> None:
        """Load what Redis keeps, each time after Redis has been reached."""
        self._ledger.stand_still(self._counted_at, time.monotonic())
        load(self._redis, self._ledger)
        self._run_id = str(self._redis.info("server")["run_id"])
        self._why_away = ""
        self._schedule.news_at_once()

    def _hear(self, line: bytes) -> None:
        is_news = line.startswith(ZERO)
        if is_news:
            left = self._ledger.zero(line.removeprefix(ZERO).decode())
            keep_zeros(self._redis, self._ledger, left)
        for report in readable([line]):
            if report.pattern in PATTERNS:
                is_news |= self._ledger.hear(report)
        if is_news:
            self._schedule.news()

    def _tick_when_due(self) -> None:
        if self._schedule.is_due(self.viewers.interval):
            has_news = self._schedule.tick()
            self._tick(self._schedule.ticked)
            if has_news:
                with self._ticks:
                    self._ticks.notify_all()

    def _tick(self, now: float) -> None:
        before = self._figures
        if not self._why_away:  # while Redis is away, the last known figures stay
            self._waiting = look(self._redis, PATTERNS.values())
            self._count(now)
        changed = {name: one for name, one in self._figures.items() if one != before[name]}
        change: Change = {**self.status(), "moves": self._ledger.take_moves()}  # type: ignore[typeddict-item]
        change["patterns"] = changed
        if now >= self._sampled + IDLE:
            change["sample"] = self._sample(now)
        self.viewers.tell(change, self._snapshot())

    def _sample(self, now: float) -> Sample:
        """Add a sample to the history; first load what Redis has lost or we have not received."""
        if not self._why_away and not is_whole(self._redis, self._ledger):
            load(self._redis, self._ledger)
        fresh, seconds, self._sampled = self._ledger.take_fresh(), now - self._sampled, now
        points = {name: sample(fresh[name], seconds) for name in PATTERNS}
        self._history.append({"at": time.time(), **points})
        return self._history[-1]

    def _count(self, now: float) -> None:
        self._counted_at, self._zeroed = now, self._ledger.zeroed
        self._figures = {
            name: figures(self._ledger, pattern, self._waiting[name], now)
            for name, pattern in PATTERNS.items()
        }

    def _snapshot(self) -> Snapshot:
        return {**self.status(), "history": list(self._history)}
