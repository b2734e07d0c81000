"""The events of a listener's life, which its observers hear in this order."""

from messaging.message import MalformedLineError, Message
from messaging.receiving.gaps import Gap


class Observer:
    """Hears each event of a listener, in the loop's thread; overrides those that it cares for.

    Times are in seconds since the epoch.
    """

    def ready(self) -> None:
        """The listener gets what is sent from now on."""

    def missed(self, gap: Gap) -> None:
        """The numbers of a sender show that messages never came."""

    def redelivered(self, message: Message, failures: int) -> None:
        """A message comes again, because so many consumers died with it in hand."""

    def taken(self, message: Message) -> None:
        """Work on a message begins."""

    def received(self, message: Message, at: float) -> None:
        """A message that came at this time is done."""

    def malformed(self, error: MalformedLineError, at: float) -> None:
        """A line came that is no text."""

    def dead(self, message: Message, failures: int) -> None:
        """A message is put aside as a dead letter, because so many consumers died of it."""

    def left_behind(self, count: int, are_all: bool) -> None:
        """So many messages were sent to this listener, and it does not handle them any more."""

    def ended(self) -> None:
        """Nothing more will happen."""

    def note(self, text: str) -> None:
        """Something else happened that a person wants to know: Redis is away, or is back."""
