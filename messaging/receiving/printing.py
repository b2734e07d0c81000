"""The output of a listener: lines for people, or lines of JSON for programs."""

import json
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from unicodedata import east_asian_width

from messaging.message import MalformedLineError, Message, printable
from messaging.receiving.gaps import Gap
from messaging.receiving.observer import Observer
from messaging.settings import NO_COLOR

WINE, GREY = "38;5;125", "38;5;245"  # for terminals of 256 colours
LINES = 50  # a second that people can follow, and as many in one burst
NAME_WIDTH = 14  # columns
TICK = 0.1  # second between two summaries when there are more


class OutputClosedError(Exception):
    """The output is closed; the cause is the OSError."""


def write(text: str) -> None:
    """Write to stdout and flush it; raises OutputClosedError."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise OutputClosedError from error


class Json(Observer):
    """Prints one line of JSON per message to stdout, and notes for people to stderr."""

    def __init__(self, listener: str, pattern: str) -> None:
        self._who = {"listener": listener, "pattern": pattern}

    def received(self, message: Message, at: float) -> None:
        whence = {"id": message.id, "from": message.sender, "seq": message.seq}
        what = {"body": message.body, "sent": message.sent, "received": at}
        self._write({**whence, **what, **self._who})

    def malformed(self, error: MalformedLineError, at: float) -> None:
        self._write({"malformed": error.text, "received": at, **self._who})

    def missed(self, gap: Gap) -> None:
        numbers = {"first": gap.first, "last": gap.last}
        self._write({"missed": gap.count, "from": gap.sender, **numbers})

    def redelivered(self, message: Message, failures: int) -> None:
        self._write_failures("taken_over", message, failures)

    def dead(self, message: Message, failures: int) -> None:
        self._write_failures("dead", message, failures)

    def note(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def _write_failures(self, kind: str, message: Message, failures: int) -> None:
        self._write({kind: message.body, "id": message.id, "failures": failures, **self._who})

    def _write(self, fields: Mapping[str, object]) -> None:
        write(json.dumps(fields) + "\n")  # ASCII, which every terminal can show


class Terminal(Observer):
    """Prints one aligned line per message, or ten summaries a second when there are too many.

    The loop's thread prints messages, and a timer's thread prints summaries; both take the lock.
    """

    def __init__(self, listener: str, colour: str) -> None:
        """`colour` is that of the listener's name, as in «38;5;32»."""
        self._listener, self._colour = listener, colour
        self._is_terminal = sys.stdout.isatty()
        self._lock = threading.RLock()
        self._may_print, self._since = float(LINES), time.monotonic()
        self._held = 0  # messages that were not printed yet
        self._latest: tuple[Message, float] | None = None
        self._ticking = False
        self._broken: OutputClosedError | None = None  # in the timer's thread
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]

    def received(self, message: Message, at: float) -> None:
        with self._lock:
            if self._broken:
                raise self._broken
            self._latest = (message, at)
            self._held += 1
            if self._ticking:
                return
            now = time.monotonic()
            self._may_print = min(LINES, self._may_print + (now - self._since) * LINES)
            self._since = now
            if self._may_print >= 1:
                self._may_print -= 1
                self._show_held()
            else:
                self._tick_later()

    def malformed(self, error: MalformedLineError, at: float) -> None:
        self._line(at, f"{'':>11}  malformed: {error}", WINE)

    def missed(self, gap: Gap) -> None:
        numbers = f"{gap.first}–{gap.last}" if gap.count > 1 else f"{gap.first}"
        text = f"missed {gap.count:,} ({numbers} from {printable(gap.sender)})"
        self._line(time.time(), text, WINE)

    def redelivered(self, message: Message, failures: int) -> None:
        body = printable(message.body)
        text = f"took over {body} from a listener that fell silent (try {failures + 1})"
        self._line(time.time(), text)

    def dead(self, message: Message, failures: int) -> None:
        times = "once" if failures == 1 else f"{failures} times"
        text = f"put aside {printable(message.body)}: listeners fell silent with it {times}"
        self._line(time.time(), text, WINE)

    def note(self, text: str) -> None:
        self._line(time.time(), text)

    def ended(self) -> None:
        with self._lock:
            self._show_held()

    def _tick_later(self) -> None:
        self._ticking = True
        timer = threading.Timer(TICK, self._tick)
        timer.daemon = True
        timer.start()

    def _tick(self) -> None:
        with self._lock:
            many = self._held > LINES * TICK
            try:
                self._show_held()
            except OutputClosedError as error:
                self._broken = error
            self._since, self._ticking = time.monotonic(), False
            if many:
                self._tick_later()

    def _show_held(self) -> None:
        if self._held and self._latest:
            message, received = self._latest
            text = printable(message.body)
            if self._held > 1:
                text = f"{self._held:,} messages, latest {text}"
            self._held = 0
            delay = "" if message.sent is None else f"{(received - message.sent) * 1000:,.1f} ms"
            self._line(received, self._fit(f"{delay:>11}  ", text))

    def _line(self, seconds: float, text: str, colour: str = "") -> None:
        clock = datetime.fromtimestamp(seconds).strftime("%H:%M:%S.%f")[:-3]
        name = f"{self._listener:<{NAME_WIDTH}}"
        line = f"{self._paint(clock, GREY)}  {self._paint(name, self._colour)}  "
        with self._lock:
            write(f"{line}{self._paint(text, colour)}\n")

    def _paint(self, text: str, colour: str) -> str:
        coloured = colour and self._is_terminal and not NO_COLOR
        return f"\x1b[{colour}m{text}\x1b[0m" if coloured else text

    def _fit(self, delay: str, text: str) -> str:
        """Return what fits beside time and name; a Chinese character is two columns wide."""
        if not self._is_terminal:
            return delay + text
        taken = len(f"00:00:00.000    {self._listener:<{NAME_WIDTH}}")
        columns = shutil.get_terminal_size().columns - taken
        if columns > 3 * len(delay):  # else the text needs the room
            text = delay + text
        for end, character in enumerate(text):
            columns -= 2 if east_asian_width(character) in "FW" else 1
            if columns < 0:
                return text[: max(end - 1, 0)] + "…"
        return text
