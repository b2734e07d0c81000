"""Looks at Redis while a run goes on: how much waits, and how much memory it takes."""

import threading
import time
from contextlib import suppress

from redis import Redis, RedisError

from patterns.pattern import Pattern

EVERY = 0.1  # second


class Sampler:
    """A thread with a connection of its own, which alone writes the figures; others read them."""

    def __init__(self, pattern: Pattern, url: str) -> None:
        self.lengths: list[tuple[float, int]] = []  # when, and how many were not done
        self.memory = 0.0  # MiB, at most
        self._pattern, self._url = pattern, url
        self._over = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._over.set()

    def _run(self) -> None:
        with Redis.from_url(self._url, socket_timeout=1) as redis:
            while not self._over.wait(EVERY):
                with suppress(RedisError):
                    self.lengths.append((time.time(), self._pattern.store.unfinished(redis)))
                    used = redis.info("memory")["used_memory"] / 2**20
                    self.memory = max(self.memory, round(used, 1))
