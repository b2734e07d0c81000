"""Redis is away, and comes back: what a listener says of it, one line each, and when it retries."""

import time
from collections.abc import Callable
from enum import Enum, auto

from redis import RedisError
from redis.exceptions import ConnectionError as ConnectionLostError
from redis.exceptions import ResponseError

from messaging.address import address
from messaging.connection import explain
from messaging.settings import REDIS_URL

RETRY = 1  # second between two tries


class State(Enum):
    """What the listener knows of Redis."""

    UNKNOWN = auto()  # it was not asked yet
    LISTENING = auto()
    CUT = auto()  # the connection was lost just now; nothing was said of it yet
    AWAY = auto()  # the listener said so
    REFUSING = auto()  # Redis lets the listener begin and then refuses what it asks


class Outage:
    """Follows one listener from its first connection to its end."""

    def __init__(self, place: str, note: Callable[[str], None]) -> None:
        """`place`: what is listened to; `note`: takes a line for people."""
        self.was_there = False  # whether the listener was ever ready
        self.pause = 0.0  # seconds until the next try
        self._where = f"{place} at {address(REDIS_URL)}"
        self._note = note
        self._state = State.UNKNOWN
        self._since = 0.0  # when the connection was lost, by the steady clock
        self._is_ready = False  # in this try

    def begin(self) -> None:
        """A try begins."""
        self._is_ready = False

    def ready(self, waiting: int) -> None:
        """Redis takes what the listener asks, so far; so many messages wait there."""
        self._is_ready = True
        if self._state is State.REFUSING:
            return  # as before it refused: the next delivery shows whether that is over
        waits = f"{waiting:,} waiting" if waiting else "nothing waits there"
        if not self.was_there:
            self._note(f"Listening to {self._where}: {waits}. Ctrl-C stops.")
        elif self._state is State.LISTENING:  # `receive` has connected anew by itself
            self._note(f"Reconnected to {self._where}: {waits}.")
        else:
            seconds = time.monotonic() - self._since
            self._note(f"Reconnected to {self._where} after {seconds:.1f} s: {waits}.")
        self.was_there, self._state = True, State.LISTENING

    def delivered(self) -> None:
        """A message came, so Redis refuses no longer."""
        if self._state is State.REFUSING:
            self._state = State.LISTENING

    def failed(self, error: RedisError) -> None:
        """Redis failed: say it once. A connection that was just cut is tried again at once."""
        self.pause = RETRY
        if self._state is State.LISTENING:
            self._since = time.monotonic()
            if isinstance(error, ConnectionLostError):
                self._state, self.pause = State.CUT, 0.0
                return
        if self._state not in (State.AWAY, State.REFUSING):
            self._note(f"{explain(error)} Trying again each second; Ctrl-C stops.")
        is_refusal = isinstance(error, ResponseError) and self._is_ready
        self._state = State.REFUSING if is_refusal else State.AWAY
