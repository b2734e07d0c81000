"""When messages are meant to be sent: decided before, so that no delay can change it."""

import random


def schedule(rate: float, count: int, seed: int) -> list[float]:
    """Seconds after the start of `count` messages, at `rate` per second on average.

    They come at random, as clicks of many people do (a Poisson process of which the count is
    known); the same seed gives the same times. At a rate of 0 all are meant at once.
    """
    if not rate:
        return [0.0] * count
    chance = random.Random(seed)  # nobody has to be kept from guessing it
    return sorted(chance.uniform(0, count / rate) for _ in range(count))
