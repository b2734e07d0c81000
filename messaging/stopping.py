"""How a listener is stopped: signals set a flag, and the loop leaves with nothing in hand."""

import math
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from redis import RedisError
from redis.client import PubSub

HANDLE_FOR = 0.8  # seconds in which a subscriber still handles what was already sent to it
COUNT_FOR = 0.4  # seconds after these in which it counts what it leaves behind


class Stopping:
    """A flag that is set once, and what happens to a loop that is blocked when it is set."""

    def __init__(self) -> None:
        # What a pattern that keeps messages knows us by, however often we connect.
        self.worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self.in_hand = threading.Lock()  # held while messages are handled
        self.left_behind = 0  # messages that were sent to this listener and never handled
        self.counted_all = True  # of them
        self._flag = threading.Event()
        self._since = math.inf
        self._subscribed: list[PubSub] = []

    def is_set(self) -> bool:
        return self._flag.is_set()

    def is_overdue(self) -> bool:
        """Whether the time to handle what was already sent to us is over."""
        return time.monotonic() > self._since + HANDLE_FOR

    def wait(self, seconds: float) -> bool:
        """Wait until set, or for some seconds; whether it is set."""
        return self._flag.wait(seconds)

    def set(self) -> None:
        self._since = time.monotonic()
        self._flag.set()
        for pubsub in list(self._subscribed):
            self._end_later(pubsub)

    @contextmanager
    def ending(self, pubsub: PubSub) -> Iterator[None]:
        """While inside, being set ends `pubsub.listen()`, which else waits as long as it takes."""
        self._subscribed.append(pubsub)
        try:
            if self.is_set():
                self._end_later(pubsub)
            yield
        finally:
            self._subscribed.remove(pubsub)

    def _end_later(self, pubsub: PubSub) -> None:
        threading.Thread(target=self._end, args=(pubsub,), daemon=True).start()

    def _end(self, pubsub: PubSub) -> None:
        """Unsubscribe, which ends it when all that was sent before is heard; or hang up."""
        connection = pubsub.connection
        with suppress(RedisError, OSError):  # a connection that is lost needs no goodbye
            pubsub.unsubscribe()  # type: ignore[no-untyped-call]
        time.sleep(HANDLE_FOR)
        with self.in_hand:
            pass  # the last message is done
        time.sleep(COUNT_FOR)
        if pubsub in self._subscribed and connection:  # Redis is silent, or says too much
            self.counted_all = False
            connection.retry.update_retries(0)
            connection.disconnect()

    def set_by_signals(self) -> None:
        """Be set by SIGTERM, SIGHUP and Ctrl-C; a second Ctrl-C ends the process at once.

        A thread waits for the signals, so that they interrupt nothing: a handler that raises could
        do so when a message is already popped and nobody knows of it yet.
        """
        signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            signals.remove(signal.SIGHUP)  # nohup: whoever asked for it stays when they log out
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        threading.Thread(target=self._wait_for, args=(signals,), daemon=True).start()

    def _wait_for(self, signals: Collection[signal.Signals]) -> None:
        signal.sigwait(signals)
        self.set()
        while signal.sigwait(signals) != signal.SIGINT:
            pass
        os._exit(130)
