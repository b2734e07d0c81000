"""The loop of a listener: it runs `receive`, handles each item, and calls the observers."""

import time
from collections.abc import Callable, Iterator
from typing import assert_never

from redis import RedisError

from messaging.connection import explain, waiting_helps
from messaging.message import MalformedLineError, Message
from messaging.receiving.contract import Batch, Consumer, Item, LeftBehind, Ready
from messaging.receiving.gaps import Gaps
from messaging.receiving.observer import Observer
from messaging.receiving.outage import Outage


class Loop:
    """Handles the items of one listener, and reconnects whenever Redis was away.

    The thread that calls `run` does all the work and calls all observers.
    """

    def __init__(
        self, place: str, follows_gaps: bool, consumer: Consumer, work: float = 0.0
    ) -> None:
        """`place` is the key or channel to show; `work` is the seconds that a message takes."""
        self.observers: list[Observer] = []
        self.outage = Outage(place, self._note)
        self._follows_gaps = follows_gaps
        self._gaps = Gaps()
        self._consumer = consumer
        self._work = work

    def run(self, receive: Callable[[], Iterator[Item]]) -> int:
        """Handle what `receive` yields until the consumer is stopped.

        Returns the exit code: 2 when Redis refuses and waiting cannot help, else 0.
        """
        code = self._run(receive)
        self._tell(lambda one: one.ended())
        return code

    def _run(self, receive: Callable[[], Iterator[Item]]) -> int:
        while not self._consumer.stopping.is_set():
            self.outage.begin()
            try:
                for item in receive():
                    self._handle(item)
                break
            except RedisError as error:
                if not waiting_helps(error, self.outage.was_there):
                    self._note(explain(error))
                    return 2
                self.outage.failed(error)
                self._consumer.stopping.wait(self.outage.pause)
        return 0

    def _handle(self, item: Item) -> None:
        match item:
            case Ready(waiting):
                self.outage.ready(waiting)
                self._tell(lambda one: one.ready())
            case Batch(lines):
                self.outage.delivered()
                for line in lines:
                    self._handle_line(line, item)
            case LeftBehind(count, are_all):
                self._tell(lambda one: one.left_behind(count, are_all))
            case _:
                assert_never(item)

    def _handle_line(self, line: bytes, batch: Batch) -> None:
        at = time.time()
        try:
            message = Message.decode(line)
        except MalformedLineError as error:
            if not batch.is_dead:
                malformed = error
                self._tell(lambda one: one.malformed(malformed, at))
                return
            message = Message(error.text)
        if batch.is_dead:
            self._tell(lambda one: one.dead(message, batch.failures))
            return
        if batch.failures:
            self._tell(lambda one: one.redelivered(message, batch.failures))
        if self._follows_gaps and (gap := self._gaps.follow(message)):
            self._tell(lambda one: one.missed(gap))
        self._tell(lambda one: one.taken(message))
        if self._work:
            time.sleep(self._work)
        self._tell(lambda one: one.received(message, at))

    def _note(self, text: str) -> None:
        self._tell(lambda one: one.note(text))

    def _tell(self, event: Callable[[Observer], None]) -> None:
        for observer in self.observers:
            event(observer)
