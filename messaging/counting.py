"""What a listener counts: what it received, how late, and what it must have missed."""

import math
from collections import Counter
from dataclasses import dataclass

from messaging.message import Message

WIDTH = 0.02  # a bucket of delays is 2 % wide, so that a quantile is right within 1 %
SHORTEST = 1e-6  # second; clocks of two machines can make a delay seem shorter than nothing
SENDERS = 10_000  # that are remembered at most


class Delays:
    """A histogram of delays that stays small however many there are."""

    def __init__(self) -> None:
        self.buckets: Counter[int] = Counter()  # how many, by round(log(seconds) / WIDTH)

    def add(self, seconds: float) -> None:
        self.buckets[round(math.log(max(seconds, SHORTEST)) / WIDTH)] += 1

    def quantile(self, share: float) -> float | None:
        """The delay in seconds that this share (0 to 1) did not exceed; None without delays."""
        rank = share * self.buckets.total()
        if not rank:
            return None
        for bucket in sorted(self.buckets):
            rank -= self.buckets[bucket]
            if rank <= 0:
                return math.exp(bucket * WIDTH)
        return None


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a sender that were skipped, both ends included."""

    sender: str
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


class Gaps:
    """Follows the numbers of each sender.

    What a sender sent before it was first heard is not missed: it may have been before our time.
    """

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def follow(self, message: Message) -> Gap | None:
        """What is missing between the last message of this sender and this one."""
        if message.sender is None or message.seq is None:
            return None
        last = self._last.pop(message.sender, message.seq - 1)
        self._last[message.sender] = max(last, message.seq)
        if len(self._last) > SENDERS:
            del self._last[next(iter(self._last))]  # the one that was silent for longest
        if message.seq <= last + 1:
            return None
        return Gap(message.sender, last + 1, message.seq - 1)
