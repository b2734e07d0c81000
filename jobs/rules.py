"""What must hold, beside its arguments, before a task is taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis

from jobs import settings
from jobs.codes import ASK_AGAIN_AFTER, may_ask, seconds_to_wait, take_back
from jobs.ways.way import NotPossibleError, TooSoonError, Way

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """A check that raises a Refusal or NotPossibleError, and what takes back its traces."""

    check: Callable[[Redis, Way, Arguments], None]
    undo: Callable[[Redis, Arguments], None]


def a_code_may_be_sent(redis: Redis, way: Way, arguments: Arguments) -> None:
    """Raise TooSoonError within a minute, and NotPossibleError where a log would have the code."""
    if not way.is_kept and not settings.SMS:
        raise NotPossibleError(
            "Without SMS_URL a code is written to the terminal of whoever sends it, which here "
            "is the log of the web: take a way with workers of its own."
        )
    if not may_ask(redis, arguments["phone"]):
        raise TooSoonError(
            f"A code was sent less than {ASK_AGAIN_AFTER} seconds ago. Please wait for it.",
            seconds_to_wait(redis, arguments["phone"]),
        )


def no_code_was_sent(redis: Redis, arguments: Arguments) -> None:
    take_back(redis, arguments["phone"])


RULES = {"sms_code": Rule(a_code_may_be_sent, no_code_was_sent)}  # by task
