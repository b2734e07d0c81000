"""Waits for what has to happen, up to a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

TICK = 0.01  # seconds between two looks
DEADLINE = 30  # seconds for anything that has to happen

T = TypeVar("T")


def wait_until(look: Callable[[], T], within: float) -> T:
    """What `look` gives as soon as that is true of it, or what it gives after so many seconds."""
    deadline = time.monotonic() + within
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(TICK)
    return found


def eventually(look: Callable[[], T], within: float = DEADLINE) -> T:
    """The same; raises TimeoutError after the deadline."""
    if found := wait_until(look, within):
        return found
    raise TimeoutError(f"not within {within} s: {look}")
