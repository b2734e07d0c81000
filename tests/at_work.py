"""Workers of a library that a module's tests share, and what became of a piece."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from redis import Redis

from jobs.asking import look_up
from jobs.work import Event, Piece, State
from tests.processes import DEADLINE, Process, eventually


class AtWork:
    """A worker that is started when a test needs it and none runs."""

    def __init__(self, command: list[str], is_up: Callable[[], object], **environ: str) -> None:
        self._command, self._is_up, self._environ = command, is_up, environ
        self._process: Process | None = None

    def process(self) -> Process:
        if not self._process or self._process.has_ended():
            self.stop()
            self._process = Process(self._command, environ=self._environ)
            self._process.must(lambda: bool(self._is_up()))
        return self._process

    def kill_all(self) -> None:
        """Kill it with all its children, as a container ends that is killed."""
        process = self.process()
        for one in process.members():
            one.kill()
        process.popen.wait(DEADLINE)

    def stop(self) -> None:
        """Kill it with its children; those of RQ are in groups of their own."""
        if self._process:
            members = self._process.members()
            self._process.kill()
            for one in members:
                if one.is_running():
                    one.kill()
            self._process = None


@contextmanager
def at_work(
    redis: Redis, command: list[str], is_up: Callable[[], object], **environ: str
) -> Iterator[AtWork]:
    """An empty Redis, and a worker that is gone afterwards."""
    redis.flushall()
    one = AtWork(command, is_up, **environ)
    try:
        yield one
    finally:
        one.stop()


def events(redis: Redis, piece: Piece) -> list[Event]:
    found = look_up(redis, piece.work.id)
    assert found
    return list(found.events)


def states(redis: Redis, piece: Piece) -> list[State]:
    return [one.state for one in events(redis, piece)]


def ended(redis: Redis, piece: Piece, within: float = DEADLINE) -> Piece:
    """Wait until it is over."""

    def over() -> Piece | None:
        found = look_up(redis, piece.work.id)
        return found if found and found.state.is_final else None

    found = eventually(over, within)
    assert found
    return found


def has_state(redis: Redis, piece: Piece, state: State, times: int = 1) -> None:
    """Wait until it has had this state so many times."""
    eventually(lambda: states(redis, piece).count(state) >= times)
