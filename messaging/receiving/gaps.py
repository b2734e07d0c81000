"""Finds what a listener must have missed, from the numbers that each sender gives its messages."""

from dataclasses import dataclass

from messaging.message import Message

SENDERS = 10_000  # that are remembered at most


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a sender that were skipped, both ends included."""

    sender: str
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


class Gaps:
    """Follows the numbers of each sender.

    What a sender sent before it was first heard is not missed: it may have been before our time.
    """

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def follow(self, message: Message) -> Gap | None:
        """What is missing between the last message of this sender and this one."""
        if message.sender is None or message.seq is None:
            return None
        last = self._last.pop(message.sender, message.seq - 1)
        self._last[message.sender] = max(last, message.seq)
        if len(self._last) > SENDERS:
            del self._last[next(iter(self._last))]  # the one that was silent for longest
        if message.seq <= last + 1:
            return None
        return Gap(message.sender, last + 1, message.seq - 1)
