"""All attacks: what is tried, and what is to come."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from attack import faults, forgeries, neighbours, requests, restarts
from attack.effort import Effort
from attack.secure import SecureRedis
from attack.target import Target
from starting.parts import RedisServer, own_redis
from starting.process import wait_until

Run = Callable[[Target, Effort], str]


@dataclass(frozen=True)
class Attack:
    """One attack: `run` makes it under load, and returns what came that was not to come, or «».

    `cuts` says how often a listener may be cut off from Redis with the messages of a click in hand
    or on their way. As the patterns promise, these are redelivered and may come twice, or are lost.
    """

    tried: str
    to_come: str
    run: Run
    cuts: Callable[[Effort], int] = lambda effort: 0
    start_redis: Callable[[Path], RedisServer] = own_redis


def once(effort: Effort) -> int:
    return 1


def again_and_again(effort: Effort) -> int:
    return math.ceil(effort.seconds / faults.CUT_APART)


def described(run: Run, cuts: Callable[[Effort], int] = lambda effort: 0) -> Attack:
    """Make an attack of a function, by the two halves of its docstring."""
    tried, _, to_come = (run.__doc__ or "").rstrip(".").partition("; ")
    return Attack(tried, to_come, run, cuts)


def fault(
    name: str,
    make: Callable[[Redis], AbstractContextManager[None]],
    cuts: Callable[[Effort], int] = once,
    start_redis: Callable[[Path], RedisServer] = own_redis,
) -> Attack:
    """Make an attack of a fault of Redis."""

    def run(target: Target, effort: Effort) -> str:
        with make(target.redis):
            wait_until(lambda: False, effort.seconds)
        return ""

    to_come = "afterwards all goes on, and what was said to be sent arrives"
    return Attack(name, to_come, run, cuts, start_redis)


ATTACKS = [
    described(requests.hostile_requests),
    described(requests.slow_clients),
    described(requests.many_clients),
    described(forgeries.forged_reports),
    described(forgeries.forged_keys),
    described(neighbours.long_lines),
    described(neighbours.listeners_that_left),
    described(neighbours.wide_reports),
    fault("Redis cannot save (MISCONF)", faults.disk_full),
    fault("Redis runs a script for ever (BUSY)", faults.busy),
    fault("Redis is full (OOM)", faults.full),
    fault("Redis is read-only (READONLY)", faults.read_only),
    fault("Redis forbids PING", lambda redis: faults.without(redis, "-ping")),
    fault("Redis forbids MULTI", lambda redis: faults.without(redis, "-multi")),
    fault("Redis forbids PUBLISH", lambda redis: faults.without(redis, "-publish")),
    fault("Redis answers nobody (CLIENT PAUSE)", faults.paused),
    fault(
        "Redis closes all connections, again and again (CLIENT KILL)", faults.cut, again_and_again
    ),
    fault("The same over TLS, as a user with few rights", faults.cut, again_and_again, SecureRedis),
    described(restarts.emptied_redis),
    described(restarts.failed_over, cuts=once),
    described(restarts.restarted_web),
    described(restarts.killed_web),
    described(restarts.restarted_listeners),
]
