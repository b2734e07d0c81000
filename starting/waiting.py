"""Waits for a condition, up to a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

TICK = 0.01  # seconds between two checks
DEADLINE = 30  # seconds, for whatever names no other

T = TypeVar("T")


def wait_until(check: Callable[[], T], within: float) -> T:
    """Call `check` until its result is true or so many seconds are over; return its last result."""
    deadline = time.monotonic() + within
    while not (found := check()) and time.monotonic() < deadline:
        time.sleep(TICK)
    return found


def eventually(check: Callable[[], T], within: float = DEADLINE) -> T:
    """The same, but raises TimeoutError when the time is over."""
    if found := wait_until(check, within):
        return found
    raise TimeoutError(f"not within {within} s: {check}")
