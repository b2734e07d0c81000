"""What one web process knows of all others: it hears their reports, adds them up, and ticks."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from redis import RedisError

from messaging.connection import connect, explain
from messaging.reporting import EVERY, reports_channel
from pages.figures import COUNTED, Figures, figures, sample
from pages.ledger import Ledger
from pages.patterns import Pattern
from pages.records import is_whole, keep_zeros, load, readable
from pages.viewers import Viewers
from pages.waiting import look, nothing

log = logging.getLogger("web")

GATHER = 0.02  # second in which what belongs together comes in: sent here, received there
IDLE = 1.0  # second between two ticks when nobody reports
HISTORY = 60  # seconds
RETRY = 0.5  # second between two tries to reach Redis
RESET_WITHIN = 1.0  # second
ZERO = b"zero "  # begins what is published when the figures are zeroed


class Hub:
    """Has a thread and two connections; everything in it is changed by that thread alone."""

    def __init__(self, patterns: Mapping[str, Pattern], viewers: Viewers) -> None:
        self.viewers = viewers
        self.patterns: dict[str, Figures] = {}
        self.away = "Redis was not asked yet."  # why it does not answer; empty when it does
        self.history: deque[dict[str, Any]] = deque(maxlen=HISTORY)  # one sample a second
        self._patterns = patterns
        self._waiting: dict[str, Figures | None] = {
            name: nothing(pattern) for name, pattern in patterns.items()
        }
        self._ledger = Ledger()
        self._redis = connect(connections=1)
        self._zeroed = ""  # names the last reset that `patterns` tell of
        self._run_id = ""  # of Redis, another one after each restart
        self._heard_at: float | None = None  # the first that the next tick tells
        self._ticked = self._sampled = time.monotonic()
        self._news = threading.Condition()  # notified after each tick that told some
        self._count(self._ticked)

    def start(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Listen until `is_over`, which is asked ten times a second."""
        self._is_over = is_over
        threading.Thread(target=self._run, daemon=True).start()

    def snapshot(self) -> dict[str, Any]:
        """All that a page needs to begin."""
        return {**self.status(), "history": list(self.history)}

    def status(self) -> dict[str, Any]:
        """What /status tells."""
        redis = {"redis": "away" if self.away else "up", "why": self.away, "run_id": self._run_id}
        return {**redis, "at": time.time(), "zero": self.is_zero(), "patterns": self.patterns}

    def zero(self) -> str:
        """Zero the figures, here and in the other processes; names it when it is done here."""
        asked = f"{time.time():.6f}"
        with connect() as redis:
            redis.publish(reports_channel(), ZERO + asked.encode())
        return asked if self.wait_for_zero(asked) else ""

    def wait_for_zero(self, asked: str) -> bool:
        """Until the figures are zeroed here too, as `zero` has named it; whether they are."""
        with self._news:
            return self._news.wait_for(lambda: self._zeroed >= asked, RESET_WITHIN)

    def is_zero(self) -> bool:
        """Whether nothing was counted since the figures were zeroed."""
        return not any(told.get(name) for told in self.patterns.values() for name in COUNTED)

    def wait(self, seconds: float) -> None:
        """Until somebody reports, at most so long."""
        with self._news:
            self._news.wait(seconds)

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
        self.away, self._heard_at = why, 0.0  # to be told at once
        self._tick_when_due()
        time.sleep(RETRY)

    def _begin(self) -> None:
        """Redis is there, or is there again."""
        self._ledger.stand_still(self._counted, time.monotonic())
        load(self._redis, self._ledger)
        self._run_id = str(self._redis.info("server")["run_id"])
        self.away, self._heard_at = "", 0.0

    def _listen(self) -> None:
        redis = connect(connections=1)
        with redis.pubsub(ignore_subscribe_messages=True) as pubsub:  # type: ignore[no-untyped-call]
            pubsub.subscribe(reports_channel())
            self._begin()
            while not self._is_over():
                self._tick_when_due()
                if heard := pubsub.get_message(timeout=GATHER if self._heard_at else EVERY):
                    self._hear(heard["data"])
        redis.close()

    def _hear(self, line: bytes) -> None:
        if line.startswith(ZERO):
            left = self._ledger.zero(line.removeprefix(ZERO).decode())
            keep_zeros(self._redis, self._ledger, left)
            is_news = True
        else:
            ours = (report for report in readable([line]) if report.pattern in self._patterns)
            is_news = any(self._ledger.hear(report) for report in ours)
        if is_news and self._heard_at is None:
            self._heard_at = time.monotonic()

    def _tick_when_due(self) -> None:
        now = time.monotonic()
        if now < self._ticked + self.viewers.interval:
            return
        heard_at = self._heard_at
        gathered = heard_at is not None and now >= heard_at + GATHER
        if gathered or now >= self._ticked + IDLE:
            self._heard_at, self._ticked = None, now
            self._tick(now)
            if heard_at is not None:
                with self._news:
                    self._news.notify_all()

    def _tick(self, now: float) -> None:
        """Tell what has changed since the last tick."""
        before = self.patterns
        if not self.away:  # else the last known figures stand
            self._waiting |= look(self._redis, self._patterns)
            self._count(now)
        changed = {name: told for name, told in self.patterns.items() if told != before[name]}
        change = {**self.status(), "patterns": changed, "moves": self._ledger.take_moves()}
        if now >= self._sampled + IDLE:
            if not self.away and not is_whole(self._redis, self._ledger):
                load(self._redis, self._ledger)
            fresh, seconds, self._sampled = self._ledger.take_fresh(), now - self._sampled, now
            point = {name: sample(fresh[name], seconds) for name in self._patterns}
            self.history.append({"at": time.time(), **point})
            change["sample"] = self.history[-1]
        self.viewers.tell(change)

    def _count(self, now: float) -> None:
        self._counted, self._zeroed = now, self._ledger.zeroed
        self.patterns = {
            name: figures(self._ledger, name, waiting, now)
            for name, waiting in self._waiting.items()
        }
