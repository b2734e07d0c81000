"""Periodic pieces of work: celery beat ticks always, and a piece is done only while it is on."""

from dataclasses import dataclass
from typing import Any

from redis import Redis

from messaging.settings import KEY_PREFIX

IS_ON = f"{KEY_PREFIX}jobs:periodic:"  # string, with a name added; without one it is off
TEN_SECONDS, MINUTE = "ten-seconds", "minute"


@dataclass(frozen=True)
class Periodic:
    """What is done again and again."""

    title: str
    task: str
    arguments: dict[str, Any]


PERIODIC = {
    TEN_SECONDS: Periodic("Every ten seconds", "wait", {"seconds": 0.5}),
    MINUTE: Periodic("Every minute, by crontab", "compute", {"rounds": 50}),
}


def switch(redis: Redis, name: str, is_on: bool) -> None:
    """Switch a periodic piece on or off; raises KeyError for a name that is not known."""
    if name not in PERIODIC:
        raise KeyError(name)
    if is_on:
        redis.set(IS_ON + name, 1)
    else:
        redis.delete(IS_ON + name)


def switched(redis: Redis) -> dict[str, bool]:
    """Return which periodic pieces are on, by name."""
    values = redis.mget([IS_ON + name for name in PERIODIC])
    return {name: bool(value) for name, value in zip(PERIODIC, values, strict=True)}
