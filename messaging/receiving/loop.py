"""The loop of a listener: it runs `receive`, handles each item, and calls the observers."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from redis import RedisError
from redis.exceptions import ResponseError

from messaging.connection import explain, waiting_helps
from messaging.message import MalformedLineError, Message, printable
from messaging.receiving import events
from messaging.receiving.contract import Batch, Consumer, Item, LeftBehind, Listened, Ready
from messaging.receiving.events import Event, Observer
from messaging.receiving.outage import Outage
from messaging.reporting.report import LONGEST_NAME

SENDERS = 10_000  # to remember at most
FASTEST = 1_000_000  # messages/s of one sender; a higher number is a forged one


class ForgedError(ValueError):
    """Another program gave a message the name and the number of a sender of ours."""


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
        if self._follows_gaps:
            message = self._follow(message)
        self._tell(events.Started(message))
        if self._work:
            time.sleep(self._work)
        self._tell(events.Handled(message, arrived_at))

    def _follow(self, message: Message) -> Message:
        """Tell what is missing before a message; return it without a number that cannot be."""
        if not (message.sender and message.seq):
            return message
        try:
            if gap := self._gaps.follow(message.sender, message.seq):
                self._tell(gap)
        except ForgedError:
            self._note(f"Not believed: number {message.seq:,} of {printable(message.sender)}.")
            return Message(message.body)
        return message

    def _note(self, text: str) -> None:
        self._tell(events.Note(text))

    def _tell(self, event: Event) -> None:
        for observer in self._observers:
            observer(event)


@dataclass
class Place:
    """How far one sender has come, by what this listener heard."""

    last: int  # its last number
    heard: float  # when that came, by the monotonic clock
    gap: range = range(0)  # its last numbers that were missed
    high: int = 0  # its last number before one came that was far lower: either is a forged one


class Gaps:
    """Follows the numbers of each sender, which come in order.

    What a sender sent before its first message here is no gap: this listener may have come later.
    """

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}

    def follow(self, sender: str, seq: int) -> events.Gap | None:
        """Return the gap between the last message of this sender and this one, if there is one.

        Raises ForgedError where no sender can have come to that number meanwhile.
        """
        if len(sender.encode()) > LONGEST_NAME:  # none of ours; long names would fill the memory
            return None
        now = time.monotonic()
        place = self._places.pop(sender, Place(seq - 1, now))
        self._places[sender] = place
        if len(self._places) > SENDERS:
            del self._places[next(iter(self._places))]  # the sender that was silent for longest
        if place.last - seq > FASTEST:
            place.last, place.high = seq - 1, place.last
        elif place.high and seq > place.high:  # then the far lower number was the forged one
            place.last, place.high = place.high, 0
        if seq - place.last > FASTEST * (now - place.heard + 1):
            raise ForgedError
        place.heard = now
        missed = range(place.last + 1, seq)
        if missed:
            place.gap = missed
        if seq > place.last or seq in place.gap:  # then the number after the gap was a forged one
            place.last = seq
        return events.Gap(sender, missed[0], missed[-1]) if missed else None
