"""What the ways inside the web share: a web process has their pieces, and they end with it."""

from contextlib import suppress

from redis import Redis, RedisError

from jobs.doing import do
from jobs.outcome import TaskError
from jobs.presence import Presence
from jobs.ways.way import Way
from jobs.work import Work
from messaging.connection import connect

WEB = Presence("web")


class InWeb(Way):
    """A way whose work is done by the web process that was asked, which also has what waits."""

    is_kept = False

    def holder(self, redis: Redis) -> str:
        return WEB.name(redis)

    def waiting(self, redis: Redis) -> int:
        return 0


def do_in_a_thread(work: Work) -> None:
    """Do it over a connection of the thread's own; what became of it is noted."""
    with connect(connections=1) as redis, suppress(TaskError, RedisError):
        do(redis, work, work.holder)
