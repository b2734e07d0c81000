"""Tells others that a process is alive: a key that expires when nobody renews it any more."""

import os
import secrets
import threading
from collections.abc import Iterable
from contextlib import suppress

from redis import Redis, RedisError

from jobs.threads import repeat
from messaging.connection import as_texts, connect
from messaging.settings import KEY_PREFIX

PRESENT = f"{KEY_PREFIX}jobs:present:"  # string that expires, with a process's name added
NAMES = f"{KEY_PREFIX}jobs:names"  # set of the names of all that were present
LEASE, RENEWED_EVERY = 3.0, 1.0  # seconds


class Presence:
    """The presence of this process, from `name` being asked for the first time until its end."""

    def __init__(self, kind: str) -> None:
        """`kind` begins the name, as `web` or `worker`."""
        self._kind, self._name, self._is_renewed = kind, "", False
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._forget)

    def name(self, redis: Redis) -> str:
        """Return the name, under which others find it from now on; raises RedisError."""
        with self._lock:
            self._name = self._name or f"{self._kind}-{os.getpid()}-{secrets.token_hex(2)}"
            renew(redis, self._name)
            if not self._is_renewed:
                repeat(self._renew, RENEWED_EVERY)
                self._is_renewed = True
        return self._name

    def _renew(self) -> None:
        with suppress(RedisError), connect(connections=1) as redis:
            renew(redis, self._name)

    def _forget(self) -> None:
        self._name, self._is_renewed = "", False  # a forked child is another process


def renew(redis: Redis, name: str) -> None:
    with redis.pipeline(transaction=False) as pipeline:
        pipeline.set(PRESENT + name, 1, px=int(LEASE * 1000))
        pipeline.sadd(NAMES, name)
        pipeline.execute()


def present(redis: Redis, names: Iterable[str]) -> set[str]:
    """Return those of these processes that are alive."""
    names = sorted({*names} - {""})
    if not names:
        return set()
    found = redis.mget([PRESENT + name for name in names])
    return {name for name, value in zip(names, found, strict=True) if value}


def workers(redis: Redis, kind: str) -> list[str]:
    """Return the processes of a kind that are alive, by name; forget those that are not."""
    names = {*as_texts(redis.smembers(NAMES))}
    alive = present(redis, names)
    if gone := names - alive:
        redis.srem(NAMES, *gone)
    return sorted(name for name in alive if name.startswith(f"{kind}-"))
