"""What is known of the last minute: how long messages took, and what counts were a moment ago."""

from collections import Counter, deque
from collections.abc import Mapping

from messaging.reporting.report import Delays

MINUTE = 60.0  # seconds
SETTLED_AFTER = 0.5  # seconds after which all has been reported that followed a send at once


class LastMinute:
    """The delays of what was received within the last minute; times are monotonic."""

    def __init__(self) -> None:
        self._seconds: deque[tuple[float, Counter[int]]] = deque()  # those of each, by its begin
        self._delays = Delays()

    def add(self, at: float, told: Mapping[str, int], before: Mapping[str, int]) -> None:
        """Add what a process tells beyond its report before; both are buckets of Delays."""
        new = {int(key): n - before.get(key, 0) for key, n in told.items()}
        if not any(new.values()):
            return
        if not self._seconds or at >= self._seconds[-1][0] + 1:
            self._seconds.append((at, Counter()))
        self._seconds[-1][1].update(new)
        self._delays.buckets.update(new)

    def until(self, now: float) -> Delays:
        """Return the delays of the minute before `now`."""
        while self._seconds and self._seconds[0][0] <= now - MINUTE:
            self._delays.buckets.subtract(self._seconds.popleft()[1])
        return self._delays


class MomentAgo:
    """The counts of a pattern as they were SETTLED_AFTER ago, and before; times are monotonic."""

    def __init__(self) -> None:
        self._noted: deque[tuple[float, Counter[str]]] = deque()

    def note(self, at: float, counts: Counter[str]) -> None:
        """Note the counts, which are these from now on."""
        if not self._noted or counts != self._noted[-1][1]:
            self._noted.append((at, counts.copy()))

    def at(self, now: float) -> Counter[str]:
        """Return what the counts were a moment before `now`; without any, there were none."""
        while len(self._noted) > 1 and self._noted[1][0] <= now - SETTLED_AFTER:
            self._noted.popleft()
        is_settled = self._noted and self._noted[0][0] <= now - SETTLED_AFTER
        return self._noted[0][1] if is_settled else Counter()
