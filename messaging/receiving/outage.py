"""Outages of Redis: the lines that a listener prints about one, and when it retries."""

import time
from collections.abc import Callable
from enum import Enum, auto

from redis import RedisError, exceptions

from messaging.connection import explain
from messaging.settings import REDIS_URL, address

RETRY_INTERVAL = 1  # second between two tries to reach Redis


class State(Enum):
    """What the listener knows of Redis."""

    CUT = auto()  # there is no connection yet or no more, and no line said so
    LISTENING = auto()
    AWAY = auto()  # Redis does not answer, and a line said so
    REFUSING = auto()  # Redis accepts the connection and then refuses a command


class Outage:
    """The state of the connection of one listener, from its first try to its end."""

    def __init__(self, place: str, note: Callable[[str], None]) -> None:
        """`place` is the key or channel to show; `note` prints a line for people."""
        self.was_ever_ready = False
        self._where = f"{place} at {address(REDIS_URL)}"
        self._note = note
        self._state = State.CUT
        self._why = ""  # it was cut off
        self._since = 0.0  # when the connection was lost, by the monotonic clock
        self._is_ready = False  # in this try

    def ready(self, waiting: int) -> None:
        """Print that the listener is ready, unless Redis has refused since it last was."""
        self._is_ready = True
        if self._state is State.REFUSING:
            return  # it was ready before the refusal, too, so that says nothing of its end
        waits = f"{waiting:,} waiting" if waiting else "nothing waits there"
        if not self.was_ever_ready:
            self._note(f"Listening to {self._where}: {waits}. Ctrl-C stops.")
        elif self._state is State.LISTENING:  # `receive` has reconnected by itself
            self._note(f"Reconnected to {self._where}: {waits}.")
        else:
            if self._state is State.CUT:
                self._note(self._why)
            seconds = time.monotonic() - self._since
            self._note(f"Reconnected to {self._where} after {seconds:.1f} s: {waits}.")
        self.was_ever_ready, self._state = True, State.LISTENING

    def delivered(self) -> None:
        """End the state of refusal, because a message came."""
        if self._state is State.REFUSING:
            self._state = State.LISTENING

    def failed(self, error: RedisError) -> float:
        """Print the error once; return the seconds until the next try, none if it was just cut."""
        is_ready, self._is_ready = self._is_ready, False
        is_refusal = isinstance(error, exceptions.ResponseError)
        if self._state is State.REFUSING and not is_refusal:
            self._state = State.LISTENING  # the refusal was over, though no message came to show it
        if self._state is State.LISTENING:
            self._since = time.monotonic()
            if isinstance(error, exceptions.ConnectionError):
                self._state, self._why = State.CUT, explain(error)
                return 0.0
        if self._state not in (State.AWAY, State.REFUSING):
            self._note(f"{explain(error)} Trying again each second; Ctrl-C stops.")
        self._state = State.REFUSING if is_refusal and is_ready else State.AWAY
        return RETRY_INTERVAL
