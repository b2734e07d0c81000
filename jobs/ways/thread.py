"""A thread for each piece: nobody waits, until there are too many threads."""

from functools import partial

from redis import Redis

from jobs.threads import begin, begun
from jobs.ways.way import FullError
from jobs.ways.web import InWeb, do_in_a_thread
from jobs.work import Work

MOST = 200  # threads of a web process; without a bound, Redis would run out of connections


class Thread(InWeb):
    name = "thread"
    title = "A thread each"
    who = "The web starts a thread for each piece and answers at once."
    lacks = "Each click is one more thread, 200 at the most, and all end with the web process."
    when_gone = "The web process with its thread is gone: was it restarted?"

    def start(self, redis: Redis, work: Work) -> None:
        if begun() >= MOST:
            raise FullError(f"{MOST} threads of this web process are at work.")
        begin(partial(do_in_a_thread, work))
