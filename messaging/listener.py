"""What a listener does with each line, and what it counts."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from redis import RedisError

from messaging.address import URL, address
from messaging.connection import explain, waiting_helps
from messaging.counting import Delays, Gaps
from messaging.message import OURS, MalformedLineError, Message
from messaging.outage import Outage
from messaging.printing import Json, Terminal
from messaging.report import SHOWN, Report
from messaging.reporting import EVERY, Recent
from messaging.stopping import Stopping
from messaging.takeover import TRIES, TakenOver


@dataclass
class Listener:
    """What handles the lines of a pattern, over as many connections as it takes."""

    place: str  # the queue or the channel
    waiting: Callable[[], int] | None  # how many messages wait there; None where none ever does
    out: Json | Terminal
    work: float  # seconds that each message takes
    stopping: Stopping
    changed: Callable[[], None] = lambda: None  # whom to tell of whatever happens here
    received: int = 0
    elsewhere: int = 0  # of these, what no web of ours has sent
    malformed: int = 0
    missed: int = 0
    again: int = 0  # received before, by a listener that died
    dead: int = 0  # put aside, for nobody survived them
    delays: Delays = field(default_factory=Delays)
    gaps: Gaps = field(default_factory=Gaps)
    recent: Recent = field(default_factory=Recent)
    last: Message | None = None
    is_working: bool = False

    def __post_init__(self) -> None:
        self.outage = Outage(self.out.note)

    def run(self, receive: Callable[[], Iterator[list[bytes]]]) -> int:
        """Handle what `receive` yields, until it is stopped.

        Returns the exit code, which is 2 when Redis refuses and waiting cannot help.
        """
        while not self.stopping.is_set():
            try:
                for lines in receive():
                    if not lines:
                        self.ready()
                    failures = lines.failures if isinstance(lines, TakenOver) else 0
                    with self.stopping.in_hand:
                        for line in lines:
                            self.handle(line, failures)
                break
            except RedisError as error:
                if not waiting_helps(error, self.outage.was_there):
                    self.out.note(explain(error))
                    return 2
                self.outage.wait(error, self.stopping)
        return 0

    def ready(self) -> None:
        """From here on we listen: at the start, and when a lost connection is back."""
        waits = f"{self.waiting():,} waiting" if self.waiting else "nothing waits there"
        self.outage.over(f"{self.place} at {address(URL)}", waits)
        self.changed()

    def handle(self, line: bytes, failures: int = 0) -> None:
        """Show and count a line, which was left so often by a listener that died."""
        received = time.time()
        self.outage.message_came()
        try:
            message = Message.decode(line)
        except MalformedLineError as error:
            self.malformed += 1
            self.changed()
            self.out.malformed(error, received)
            return
        if failures:
            self.out.taken_over(message, failures)
            if failures >= TRIES:
                self.dead += 1
                self.changed()
                return
            self.again += 1
        # Whoever takes turns with others skips their numbers; whoever hears all missed them.
        if not self.waiting and (gap := self.gaps.follow(message)):
            self.missed += gap.count
            self.out.missed(gap)
        self.last = message
        self.recent.add(message)
        if self.work:
            self.is_working = True
            self.changed()
            time.sleep(self.work)
            self.is_working = False
        self.received += 1
        if not (message.sender or "").startswith(OURS):
            self.elsewhere += 1
        if message.sent is not None:
            self.delays.add(received - message.sent)
        self.out.message(message, received)
        self.changed()

    def report(self, report: Report) -> Report:
        """Fill in what the live page shows."""
        report.counts = {
            "received": self.received,
            "elsewhere": self.elsewhere,
            "malformed": self.malformed,
            "missed": self.missed + self.stopping.left_behind,
            "again": self.again,
            "dead": self.dead,
        }
        report.delays = {str(bucket): n for bucket, n in dict(self.delays.buckets).items()}
        report.recent = self.recent.take()
        if last := self.last:
            report.last = last.body[:SHOWN]
            # What takes less time than a report may be done when the report is read.
            if self.is_working and self.work >= EVERY:
                report.in_hand = [last.id, report.last]
        return report

    def summary(self) -> str:
        """What was counted, in one line."""
        counts = [f"Received {self.received:,}", f"malformed {self.malformed:,}"]
        if not self.waiting:
            counts.append(f"missed {self.missed:,}")
        if self.again or self.dead:
            counts.append(f"taken over {self.again:,}, put aside {self.dead:,}")
        median, p99 = self.delays.quantile(0.5), self.delays.quantile(0.99)
        if median is not None and p99 is not None:
            counts.append(f"delay median {median * 1000:,.1f} ms, p99 {p99 * 1000:,.1f} ms")
        if left := self.stopping.left_behind:
            more = "" if self.stopping.counted_all else "more than "
            counts.append(f"left behind {more}{left:,}")
        return ", ".join(counts) + "."
