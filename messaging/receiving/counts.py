"""Counts the messages that a listener received, their delays, and finds those that it missed."""

from collections import Counter

from messaging.delays import Delays
from messaging.message import OURS, Message
from messaging.receiving import events
from messaging.receiving.contract import LeftBehind
from messaging.receiving.events import Event, Gap
from messaging.reporting.report import LISTENER_COUNTS, Count

SENDERS = 10_000  # to remember at most


class Counts:
    """All that a listener has counted since its start.

    The reporter's thread reads it while the loop's thread writes, so two counts may not match.
    """

    def __init__(self) -> None:
        self.of: Counter[Count] = Counter(dict.fromkeys(LISTENER_COUNTS, 0))
        self.left_behind = 0  # messages sent to this listener and not handled when it stopped
        self.delays = Delays()
        self._counted_all = True  # whether `left_behind` is exact

    def count(self, event: Event) -> None:
        match event:
            case events.Received(message, at):
                self.of["received"] += 1
                if not (message.sender or "").startswith(OURS):
                    self.of["elsewhere"] += 1
                if message.sent is not None:
                    self.delays.add(at - message.sent)
            case events.Malformed():
                self.of["malformed"] += 1
            case events.Gap():
                self.of["missed"] += event.count
            case events.Redelivered():
                self.of["redelivered"] += 1
            case events.DeadLetter():
                self.of["dead"] += 1
            case LeftBehind(count, are_all):
                self.left_behind += count
                self._counted_all &= are_all

    def summary(self, follows_gaps: bool) -> str:
        """Return the counts as one line for people."""
        of = self.of
        parts = [f"Received {of['received']:,}", f"malformed {of['malformed']:,}"]
        if follows_gaps:
            parts.append(f"missed {of['missed']:,}")
        if of["redelivered"] or of["dead"]:
            parts.append(f"taken over {of['redelivered']:,}, put aside {of['dead']:,}")
        median, p99 = self.delays.quantile(0.5), self.delays.quantile(0.99)
        if median is not None and p99 is not None:
            parts.append(f"delay median {median * 1000:,.1f} ms, p99 {p99 * 1000:,.1f} ms")
        if self.left_behind:
            more = "" if self._counted_all else "more than "
            parts.append(f"left behind {more}{self.left_behind:,}")
        return ", ".join(parts) + "."


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
