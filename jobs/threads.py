"""Real threads, also under gunicorn, where gevent turns all others into turns of one thread.

A task that computes would stop everything that shares its thread: every page, every click.
"""

import atexit
import os
import threading
import time
from collections.abc import Callable
from concurrent import futures
from functools import partial
from typing import Any

import gevent
from gevent import monkey, threadpool

TICK = 0.1  # second
ENDS_WITHIN = 2.0  # seconds

_running: set[Callable[[], object]] = set()  # what runs in threads beside gevent's
_is_over = threading.Event()


def begun() -> int:
    """How many threads were begun here, and have not ended."""
    return len(_running)


class RealThreads(threadpool.ThreadPoolExecutor):  # type: ignore[misc] # it comes without types
    """Real threads under gevent, where whoever submits never waits until one is free."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if len(self._threadpool) < self._max_workers:
            return super().submit(function, *arguments)
        future: futures.Future[Any] = futures.Future()
        gevent.spawn(self._wait_and_do, future, partial(function, *arguments))
        return future

    def _wait_and_do(self, future: futures.Future[Any], function: Callable[[], Any]) -> None:
        try:
            future.set_result(self._threadpool.spawn(function).get())
        except Exception as error:
            future.set_exception(error)


def executor(threads: int) -> futures.Executor:
    """Return an executor of concurrent.futures with so many real threads."""
    if monkey.is_module_patched("threading"):
        return RealThreads(threads)
    return futures.ThreadPoolExecutor(threads)


def begin(function: Callable[[], object]) -> None:
    """Let this run in a real thread of its own, until it ends or the process does."""
    if monkey.is_module_patched("threading"):
        monkey.get_original("_thread", "start_new_thread")(_counted, (partial(_alone, function),))
    else:
        threading.Thread(target=_counted, args=(function,), daemon=True).start()


def _counted(function: Callable[[], object]) -> None:
    _running.add(function)
    try:
        function()
    finally:
        _running.discard(function)


def _alone(function: Callable[[], object]) -> None:
    try:
        function()
    finally:
        gevent.get_hub().destroy()  # that of this thread


def repeat(function: Callable[[], object], every: float) -> None:
    """Call it again and again in a real thread, with so many seconds between, until the end."""
    sleep = monkey.get_original("time", "sleep")

    def run() -> None:
        while not _is_over.is_set():
            function()
            due = time.monotonic() + every
            while not _is_over.is_set() and time.monotonic() < due:
                sleep(TICK)

    begin(run)


@atexit.register
def _end() -> None:
    """Under gevent, wait a moment for these threads; those that go on end with the process, now.

    Were the interpreter to end first, a thread would crash in what is left of gevent.
    """
    _is_over.set()
    if not monkey.is_module_patched("threading"):
        return
    deadline = time.monotonic() + ENDS_WITHIN
    while _running and time.monotonic() < deadline:
        monkey.get_original("time", "sleep")(TICK)
    if _running:
        os._exit(0)


def _forget() -> None:
    _running.clear()  # a forked child has none of these threads


os.register_at_fork(after_in_child=_forget)
