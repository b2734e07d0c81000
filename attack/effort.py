"""How long and how hard each attack is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    seconds: float  # that a fault lasts, under load
    scale: int  # how many times as many clients, keys and lines as the least


SHORT = Effort(seconds=2, scale=1)
WHOLE = Effort(seconds=15, scale=10)
