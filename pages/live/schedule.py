"""When the hub ticks: soon after news, as often as viewers can bear, at least once a second."""

import math
import time

GATHER = 0.02  # second in which reports that belong together come in: sent here, received there
IDLE = 1.0  # second between two ticks when nobody reports

AT_ONCE, NO_NEWS = -math.inf, math.inf  # in place of a time


class TickSchedule:
    """Used by the hub's thread alone; times are of the steady clock."""

    def __init__(self) -> None:
        self.ticked = time.monotonic()
        self._news_due = NO_NEWS  # when the next tick is to tell news

    @property
    def has_news(self) -> bool:
        return self._news_due < NO_NEWS

    def news(self) -> None:
        """Something is to be told, together with what comes in within GATHER."""
        self._news_due = min(self._news_due, time.monotonic() + GATHER)

    def news_at_once(self) -> None:
        """Something is to be told with the next tick that may be."""
        self._news_due = AT_ONCE

    def is_due(self, interval: float) -> bool:
        """Whether to tick now, at least `interval` seconds after the last tick."""
        now = time.monotonic()
        if now < self.ticked + interval:
            return False
        return now >= min(self._news_due, self.ticked + IDLE)

    def tick(self) -> bool:
        """A tick begins; return whether it tells news."""
        self.ticked = time.monotonic()
        told_news = self.ticked >= self._news_due
        if told_news:
            self._news_due = NO_NEWS
        return told_news
