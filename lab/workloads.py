"""The load of a run: how many messages are sent, when, and with which bodies.

All of it follows from the seed: two runs with the same seed send the same bodies at the same times
after the beginning of the load, whatever happens to them.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice, repeat

from lab.history.records import MAIN

STOP = "stop"  # tells the producer to end a load that goes on
POISON = "poison"  # the last word of a body that kills a fragile listener


@dataclass(frozen=True)
class Load:
    """Messages that are sent without waiting for each other: a slow Redis does not slow them down.

    The times are random like the clicks of many people (a Poisson process).
    """

    rate: float = 0.0  # messages/s on average; 0: all are due at once
    least: int = 0  # messages
    goes_on: bool = False  # more of them, until they are told to stop
    size: int = 0  # characters that are added to each body
    poison: int = 0  # which message kills a fragile listener; 0: none
    seed: int = 1
    phase: str = MAIN

    def times(self) -> Iterator[float]:
        """When each message is due, in seconds after the beginning; without an end."""
        if not self.rate:
            yield from repeat(0.0)
        chance, at = random.Random(self.seed), 0.0
        while True:
            at += chance.expovariate(self.rate)
            yield at

    def bodies(self) -> Iterator[str]:
        """The bodies, which nobody can guess who has not seen them; without an end."""
        chance = random.Random(f"bodies of {self.phase} {self.seed}")
        for number in count(1):
            token = f"{chance.getrandbits(64):016x}{'x' * self.size}"
            yield f"{token} {POISON}" if number == self.poison else token

    def poisons(self) -> list[str]:
        """The body that kills, if there is one."""
        return [*islice(self.bodies(), self.poison - 1, self.poison)] if self.poison else []

    def planned(self, seconds: float) -> int:
        """How many are to be sent if it is told to stop after so many seconds."""
        if not self.goes_on:
            return self.least
        due = 0
        for at in self.times():
            if at > seconds:
                break
            due += 1
        return max(self.least, due)
