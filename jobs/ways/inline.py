"""In the request: whoever asks waits until it is done."""

from contextlib import suppress

from redis import Redis

from jobs.doing import do
from jobs.outcome import TaskError
from jobs.ways.web import InWeb
from jobs.work import Work


class Inline(InWeb):
    name = "inline"
    title = "In the request"
    who = "The web does the work while it answers; the person waits."
    lacks = "Who waits sees nothing, and a process that computes answers nobody else meanwhile."
    when_gone = "The web process that did it is gone, and whoever asked got no answer."

    def start(self, redis: Redis, work: Work) -> None:
        with suppress(TaskError):  # it is noted
            do(redis, work, work.holder)
