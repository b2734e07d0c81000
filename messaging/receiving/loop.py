"""The loop of a listener: it runs `receive`, handles each item, and calls the observers."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from redis import RedisError
from redis.exceptions import ResponseError

from messaging.connection import explain, waiting_helps
from messaging.message import MalformedLineError, Message
from messaging.receiving import events
from messaging.receiving.contract import Batch, Consumer, Item, LeftBehind, Listened, Ready
from messaging.receiving.events import Event, Observer
from messaging.receiving.outage import Outage

SENDERS = 10_000  # to remember at most


class Loop:
    """Handles the items of one listener, and reconnects whenever Redis was away.

    The thread that calls `run` does all the work and calls all observers.
    """

    def __init__(
        self, pattern: Listened, consumer: Consumer, work: float, observers: Sequence[Observer]
    ) -> None:
        """`work` is the seconds that a message takes."""
        self.outage = Outage(pattern.place, self._note)
        self._follows_gaps = pattern.follows_gaps
        self._gaps = Gaps()
        self._consumer = consumer
        self._work = work
        self._observers = observers

    def run(self, receive: Callable[[], Iterator[Item]]) -> int:
        """Handle what `receive` yields until the consumer is stopped.

        Returns the exit code: 2 when Redis refuses and waiting cannot help, else 0.
        """
        while not self._consumer.stopping.is_set():
            try:
                for item in receive():
                    self._handle(item)
                break
            except RedisError as error:
                if not waiting_helps(error, self.outage.was_ever_ready):
                    self._note(explain(error))
                    return 2
                if isinstance(error, ResponseError):
                    self._tell(events.Refused(explain(error)))
                self._consumer.stopping.wait(self.outage.failed(error))
        return 0

    def _handle(self, item: Item) -> None:
        match item:
            case Ready(waiting):
                self.outage.ready(waiting)
                self._tell(item)
            case Batch(lines):
                self.outage.delivered()
                for line in lines:
                    self._handle_line(line, item)
            case LeftBehind():
                self._tell(item)
            case _:
                assert_never(item)

    def _handle_line(self, line: bytes, batch: Batch) -> None:
        arrived_at = time.time()
        try:
            message = Message.decode(line)
        except MalformedLineError as error:
            if not batch.is_dead_letter:
                self._tell(events.Malformed(error, arrived_at))
                return
            message = Message(error.text)
        if batch.is_dead_letter:
            self._tell(events.DeadLetter(message, batch.deaths))
            return
        if batch.deaths:
            self._tell(events.Redelivered(message, batch.deaths))
        if self._follows_gaps and (gap := self._gaps.follow(message)):
            self._tell(gap)
        self._tell(events.Started(message))
        if self._work:
            time.sleep(self._work)
        self._tell(events.Handled(message, arrived_at))

    def _note(self, text: str) -> None:
        self._tell(events.Note(text))

    def _tell(self, event: Event) -> None:
        for observer in self._observers:
            observer(event)


class Gaps:
    """Follows the numbers of each sender.

    What a sender sent before its first message here is no gap: this listener may have come later.
    """

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def follow(self, message: Message) -> events.Gap | None:
        """Return the gap between the last message of this sender and this one, if there is one."""
        if message.sender is None or message.seq is None:
            return None
        last = self._last.pop(message.sender, message.seq - 1)
        self._last[message.sender] = max(last, message.seq)
        if len(self._last) > SENDERS:
            del self._last[next(iter(self._last))]  # the sender that was silent for longest
        if message.seq <= last + 1:
            return None
        return events.Gap(message.sender, last + 1, message.seq - 1)
