"""Counts the messages that a listener received and missed, and their delays."""

from collections import Counter

from messaging.delays import Delays
from messaging.message import OURS, MalformedLineError, Message
from messaging.receiving.gaps import Gap
from messaging.receiving.observer import Observer


class Counts(Observer):
    """All that a listener has counted since its start.

    The reporter's thread reads it while the loop's thread writes, so two counts may not match.
    """

    def __init__(self, follows_gaps: bool) -> None:
        # Keys: received; elsewhere (how many of these other programs sent); malformed; missed;
        # redelivered; dead; left (sent to this listener and not handled when it stopped).
        self.of: Counter[str] = Counter()
        self.delays = Delays()
        self._counted_all = True  # whether `left` is exact
        self._follows_gaps = follows_gaps

    def received(self, message: Message, at: float) -> None:
        self.of["received"] += 1
        if not (message.sender or "").startswith(OURS):
            self.of["elsewhere"] += 1
        if message.sent is not None:
            self.delays.add(at - message.sent)

    def malformed(self, error: MalformedLineError, at: float) -> None:
        self.of["malformed"] += 1

    def missed(self, gap: Gap) -> None:
        self.of["missed"] += gap.count

    def redelivered(self, message: Message, failures: int) -> None:
        self.of["redelivered"] += 1

    def dead(self, message: Message, failures: int) -> None:
        self.of["dead"] += 1

    def left_behind(self, count: int, are_all: bool) -> None:
        self.of["left"] += count
        self._counted_all &= are_all

    def summary(self) -> str:
        """Return the counts as one line for people."""
        of = self.of
        parts = [f"Received {of['received']:,}", f"malformed {of['malformed']:,}"]
        if self._follows_gaps:
            parts.append(f"missed {of['missed']:,}")
        if of["redelivered"] or of["dead"]:
            parts.append(f"taken over {of['redelivered']:,}, put aside {of['dead']:,}")
        median, p99 = self.delays.quantile(0.5), self.delays.quantile(0.99)
        if median is not None and p99 is not None:
            parts.append(f"delay median {median * 1000:,.1f} ms, p99 {p99 * 1000:,.1f} ms")
        if of["left"]:
            parts.append(f"left behind {'' if self._counted_all else 'more than '}{of['left']:,}")
        return ", ".join(parts) + "."
