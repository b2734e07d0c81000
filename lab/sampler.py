"""Samples Redis during a run: how many messages are unfinished, and how much memory it uses."""

import threading
import time
from contextlib import suppress

from redis import Redis, RedisError

from patterns.declaration.pattern import Pattern

EVERY = 0.1  # seconds


class Sampler:
    """A thread with its own connection writes the figures; other threads only read them."""

    def __init__(self, pattern: Pattern, url: str) -> None:
        self.lengths: list[tuple[float, int]] = []  # time, and unfinished messages
        self.memory = 0.0  # MiB, the most so far
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
