"""A histogram of delays, which listeners fill and web processes add up."""

import math
from collections import Counter

WIDTH = 0.02  # a bucket is 2 % wide, so a quantile is right within 1 %
SHORTEST = 1e-6  # second; clocks of two machines can make a delay negative


class Delays:
    """A histogram whose size does not grow with the number of delays."""

    def __init__(self) -> None:
        self.buckets: Counter[int] = Counter()  # how many, by round(log(seconds) / WIDTH)

    def add(self, seconds: float) -> None:
        self.buckets[round(math.log(max(seconds, SHORTEST)) / WIDTH)] += 1

    def quantile(self, share: float) -> float | None:
        """Return the seconds that this share (0 to 1) did not exceed; None without delays."""
        rank = share * self.buckets.total()
        if not rank:
            return None
        for bucket in sorted(self.buckets):
            rank -= self.buckets[bucket]
            if rank <= 0:
                return math.exp(bucket * WIDTH)
        return None
