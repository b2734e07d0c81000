"""Redis is away, and comes back: what a listener says of it, one line each, and how it waits."""

import time
from collections.abc import Callable

from redis import RedisError
from redis.exceptions import ConnectionError as ConnectionLostError
from redis.exceptions import ResponseError

from messaging.connection import explain
from messaging.stopping import Stopping

RETRY = 1  # second between two tries


class Outage:
    """Whether Redis is there, as far as the listener knows."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self.was_there = False
        self._note = note
        self._since: float | None = None
        self._is_said = False
        self._is_refusal = False  # Redis is there, but refuses what we ask

    def wait(self, error: RedisError, stopping: Stopping) -> None:
        """Say once what is wrong, and wait a second; a connection that was cut is tried at once."""
        self._is_refusal = isinstance(error, ResponseError)
        if self._since is None:
            self._since = time.monotonic()
            if self.was_there and isinstance(error, ConnectionLostError):
                return
        if not self._is_said:
            self._is_said = True
            self._note(f"{explain(error)} Trying again each second; Ctrl-C stops.")
        stopping.wait(RETRY)

    def over(self, place: str, waits: str) -> None:
        """Redis is there: say that we listen to the place, or that we do so again."""
        if self._is_refusal:
            return  # the next message shows whether it still is
        if self.was_there:
            seconds = f" after {time.monotonic() - self._since:.1f} s" if self._since else ""
            self._note(f"Reconnected to {place}{seconds}: {waits}.")
        else:
            self._note(f"Listening to {place}: {waits}. Ctrl-C stops.")
        self.was_there, self._since, self._is_said = True, None, False

    def message_came(self) -> None:
        """What was refused is refused no longer."""
        if self._is_refusal:
            self._is_refusal, self._since, self._is_said = False, None, False
