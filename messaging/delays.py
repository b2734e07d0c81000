"""A histogram of delays, which listeners fill and the live page adds up."""

import math
from collections import Counter

WIDTH = 0.02  # a bucket of delays is 2 % wide, so that a quantile is right within 1 %
SHORTEST = 1e-6  # second; clocks of two machines can make a delay seem shorter than nothing


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
