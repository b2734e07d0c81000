"""Waits for a condition, up to a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

TICK = 0.01  # seconds between two checks
DEADLINE = 30  # seconds, for whatever names no other

T = TypeVar("T")


def wait_until(
    check: Callable[[], T],
    within: float,
    unless: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Check until the result is true, `within` seconds are over or `unless` holds; return it."""
    deadline = time.monotonic() + within
    while True:
        is_last = unless() or time.monotonic() > deadline
        if (found := check()) or is_last:
            return found
        sleep(TICK)
