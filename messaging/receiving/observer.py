"""The events of a listener, at which the loop calls its observers."""

from messaging.message import MalformedLineError, Message
from messaging.receiving.gaps import Gap


class Observer:
    """Does nothing at any event; a subclass overrides the events that it needs.

    The loop's thread calls them. Times are in seconds since the epoch.
    """

    def ready(self) -> None:
        """The listener gets what is sent from now on."""

    def missed(self, gap: Gap) -> None:
        """A gap in the numbers of a sender shows that messages were missed."""

    def redelivered(self, message: Message, failures: int) -> None:
        """A message is redelivered, because `failures` consumers died while they handled it."""

    def taken(self, message: Message) -> None:
        """Work on a message begins."""

    def received(self, message: Message, at: float) -> None:
        """A message that arrived at `at` was handled."""

    def malformed(self, error: MalformedLineError, at: float) -> None:
        """A line arrived at `at` that is not UTF-8."""

    def dead(self, message: Message, failures: int) -> None:
        """A message becomes a dead letter, because `failures` consumers died of it."""

    def left_behind(self, count: int, are_all: bool) -> None:
        """The listener stops with `count` messages unhandled, or with more unless `are_all`."""

    def ended(self) -> None:
        """The loop has ended; only a note may follow."""

    def note(self, text: str) -> None:
        """There is news for a person, such as that Redis is away or back."""
