"""The hub ticks soon after news, but no oftener than viewers allow, and at least once a second."""

import math
import time

GATHER = 0.02  # second that news waits, so that one tick tells of a sending and its receiving
IDLE = 1.0  # second between two ticks when nobody reports

AT_ONCE, NO_NEWS = -math.inf, math.inf  # in place of the time at which news is due


class TickSchedule:
    """A schedule is used by the hub's thread alone; its times are of the steady clock."""

    def __init__(self) -> None:
        self.ticked = time.monotonic()
        self._news_due = NO_NEWS  # when the next tick is to tell news

    @property
    def has_news(self) -> bool:
        return self._news_due < NO_NEWS

    def news(self) -> None:
        """Ask for a tick after GATHER, so that it also tells what comes in until then."""
        self._news_due = min(self._news_due, time.monotonic() + GATHER)

    def news_at_once(self) -> None:
        """Ask for a tick as soon as the interval between two ticks has passed."""
        self._news_due = AT_ONCE

    def is_due(self, interval: float) -> bool:
        """Return whether to tick now; never within `interval` seconds after the last tick."""
        now = time.monotonic()
        if now < self.ticked + interval:
            return False
        return now >= min(self._news_due, self.ticked + IDLE)

    def tick(self) -> bool:
        """Note that a tick begins, and return whether it tells news."""
        self.ticked = time.monotonic()
        told_news = self.ticked >= self._news_due
        if told_news:
            self._news_due = NO_NEWS
        return told_news
