"""Finds the messages that a listener missed, by the numbers that senders give to messages."""

from dataclasses import dataclass

from messaging.message import Message

SENDERS = 10_000  # to remember at most


@dataclass(frozen=True, slots=True)
class Gap:
    """The numbers `first` to `last` of a sender, which were skipped."""

    sender: str
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


class Gaps:
    """Follows the numbers of each sender.

    What a sender sent before its first message here is no gap: this listener may have come later.
    """

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def follow(self, message: Message) -> Gap | None:
        """Return the gap between the last message of this sender and this one, if there is one."""
        if message.sender is None or message.seq is None:
            return None
        last = self._last.pop(message.sender, message.seq - 1)
        self._last[message.sender] = max(last, message.seq)
        if len(self._last) > SENDERS:
            del self._last[next(iter(self._last))]  # the sender that was silent for longest
        if message.seq <= last + 1:
            return None
        return Gap(message.sender, last + 1, message.seq - 1)
