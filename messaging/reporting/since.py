"""Counts since the last reset: a moment, which each process learns of a little later."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable

from messaging.reporting.report import Count

SKEW = 3.0  # seconds by which the clocks of two hosts may differ
MOST_FRESH = 20_000  # counts of single milliseconds, before the old ones are dropped


class Since:
    """What a process has counted since its start, and since the last reset.

    A message is counted as sent, and as received, after the reset if it was sent after it. So
    both ends agree, however late each learns of the reset. Counts are kept by the millisecond of
    sending for as long as a process may still learn of a reset before that.

    One thread counts and another one reports; both take the lock.
    """

    def __init__(self, names: Iterable[Count] = ()) -> None:
        self.total: Counter[Count] = Counter(dict.fromkeys(names, 0))  # since the start
        self.reset_at = 0  # ms since the epoch; 0: this process knows of no reset
        self._began = time.time() * 1000
        self._lock = threading.Lock()
        self._before: Counter[Count] = Counter()  # what the process had counted by the reset
        self._later: Counter[Count] = Counter()  # of messages that were sent after it
        self._fresh: defaultdict[tuple[int, Count], int] = defaultdict(int)

    def add(self, count: Count, n: int, sent: float) -> None:
        """Count `n` messages that were sent at this time, in seconds since the epoch.

        Another program may have made up a time in the future: more than SKEW ahead there is none.
        """
        at = int(min(sent, time.time() + SKEW) * 1000)
        with self._lock:
            self.total[count] += n
            self._fresh[at, count] += n
            if len(self._fresh) > MOST_FRESH:  # nobody reports, or Redis refuses it
                self._drop_old()
            if at >= self.reset_at:
                self._later[count] += n

    def learn(self, reset_at: int) -> bool:
        """Count from this reset on, unless a later one is known.

        Returns whether what this process has counted until now was before it.
        """
        with self._lock:
            is_news = reset_at > self.reset_at
            if is_news:
                self._later.clear()
                for (at, count), n in self._fresh.items():
                    if at >= reset_at:
                        self._later[count] += n
                if self._began < reset_at:
                    self._before = self.total - self._later
                self.reset_at = reset_at
            self._drop_old()
            return is_news and self._began < reset_at

    def counts(self) -> dict[Count, int]:
        """Return what was counted since the reset, also of messages that were sent before it."""
        with self._lock:
            return {name: n - self._before[name] for name, n in self.total.items()}

    def of_earlier(self, count: Count) -> int:
        """Return how many of these were sent before the reset."""
        with self._lock:
            return self.total[count] - self._before[count] - self._later[count]

    def _drop_old(self) -> None:
        oldest = (time.time() - SKEW) * 1000
        for key in [key for key in self._fresh if key[0] < oldest]:
            del self._fresh[key]
