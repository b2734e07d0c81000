"""A pool of threads that the web keeps: so many at a time, so many waiting, and no more."""

import threading
from concurrent.futures import Executor, Future

from redis import Redis

from jobs.threads import executor
from jobs.ways.way import FullError
from jobs.ways.web import InWeb, do_in_a_thread
from jobs.work import Work

THREADS, PLACES = 4, 16  # of each web process: pieces in hand, and pieces that wait


class Pool(InWeb):
    name = "pool"
    title = "A pool of threads"
    who = "Threads that the web keeps do the work; it answers at once, or refuses when all is full."
    lacks = "What waits is in the memory of one web process, and ends with it."
    when_gone = "The web process with its pool is gone: was it restarted?"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._executor: Executor | None = None  # begun after gunicorn has forked
        self._unfinished: list[Future[None]] = []

    def start(self, redis: Redis, work: Work) -> None:
        with self._lock:
            self._executor = self._executor or executor(THREADS)
            self._unfinished = [one for one in self._unfinished if not one.done()]
            if len(self._unfinished) >= THREADS + PLACES:
                most = f"{THREADS} pieces in hand and {PLACES} waiting are all that it takes"
                raise FullError(f"The pool of this web process is full: {most}.")
            self._unfinished.append(self._executor.submit(do_in_a_thread, work))

    def waiting(self, redis: Redis) -> int:
        with self._lock:
            return max(0, sum(not one.done() for one in self._unfinished) - THREADS)
