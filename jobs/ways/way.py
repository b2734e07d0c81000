"""What every way to have work done can do: take it, tell what became of it, and what waits."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from redis import Redis

from jobs.presence import present
from jobs.work import Event, Piece, State, Work


class NotPossibleError(Exception):
    """No way can do what was asked for; the message says what is possible."""


class Refusal(Exception):  # noqa: N818
    """A way does not take a piece now; the message says why, and one may ask again."""

    retry_after = 1  # seconds
    status = 503  # of HTTP


class FullError(Refusal):
    """A way can take no more for now."""


class AwayError(Refusal):
    """What a way hands work to, and is not our Redis, is away."""

    retry_after = 5


class TooSoonError(Refusal):
    """This was asked for a moment ago."""

    status = 429

    def __init__(self, sentence: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Way(ABC):
    """One way. `redis` is a client of whoever asks; every method raises RedisError or AwayError."""

    name: ClassVar[str]
    title: ClassVar[str]
    who: ClassVar[str]  # a sentence: who does the work, and who waits
    lacks: ClassVar[str]  # a sentence: what one misses
    has_clock: ClassVar[bool] = False  # whether it does periodic pieces
    # Whether Redis or a broker keeps a piece until a worker outside the web begins with it.
    is_kept: ClassVar[bool] = True
    can_wait: ClassVar[bool] = False  # whether work can be asked for a later time
    # Why the outcome is unknown when the process that had the work is gone; empty: the way itself
    # finds out what became of it.
    when_gone: ClassVar[str] = ""

    def holder(self, redis: Redis) -> str:
        """The process that has a piece until somebody begins; empty where Redis or a broker has."""
        return ""

    @abstractmethod
    def start(self, redis: Redis, work: Work) -> None:
        """Have it done; raises a Refusal."""

    @abstractmethod
    def waiting(self, redis: Redis) -> int:
        """How many pieces wait for a worker."""

    def workers(self, redis: Redis) -> list[str]:
        """Who could do work now, by name."""
        return []

    def look_up(self, redis: Redis, pieces: Iterable[Piece]) -> list[Piece]:
        """Return the pieces with what is known of them by now."""
        pieces = list(pieces)
        alive = present(redis, map(_responsible, pieces))
        return [self._with_end(one, alive) for one in pieces]

    def _with_end(self, piece: Piece, alive: set[str]) -> Piece:
        who = _responsible(piece)
        if piece.state.is_final or not self.when_gone or not who or who in alive:
            return piece
        return piece.with_event(Event(State.UNKNOWN, piece.last.at, who, why=self.when_gone))


def _responsible(piece: Piece) -> str:
    """The process without which nobody goes on with a piece; empty if there is none."""
    return piece.last.worker or piece.work.holder
