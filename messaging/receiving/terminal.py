"""The output of a listener for people: a line for each message, or a summary of many."""

import math
import shutil
import sys
import threading
import time
from collections import deque
from datetime import datetime
from unicodedata import east_asian_width

from messaging.message import Message, printable
from messaging.receiving import events
from messaging.receiving.events import Event
from messaging.receiving.output import OutputClosedError, write
from messaging.settings import NO_COLOR

WINE, GREY = "38;5;125", "38;5;245"  # for terminals of 256 colours
LINES_PER_SECOND = 50  # that people can follow; as many may come in one burst
NAME_WIDTH = 14  # columns
SUMMARY_INTERVAL = 0.1  # seconds between two summaries when there are more


class Terminal:
    """Prints one aligned line per message, or ten summaries a second when there are too many.

    The loop's thread prints messages, and a timer's thread prints summaries; both take the lock.
    """

    def __init__(self, listener: str, colour: str) -> None:
        """`colour` is that of the listener's name, as in «38;5;32»."""
        self._listener, self._colour = listener, colour
        self._is_terminal = sys.stdout.isatty()
        self._lock = threading.Lock()
        # When the last messages were printed one by one.
        self._printed = deque([-math.inf] * LINES_PER_SECOND, maxlen=LINES_PER_SECOND)
        self._held = 0  # messages that were not printed yet
        self._latest: tuple[Message, float] | None = None
        self._ticking = False
        self._broken: OutputClosedError | None = None  # in the timer's thread
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]

    def print(self, event: Event) -> None:
        with self._lock:
            match event:
                case events.Handled(message, arrived_at):
                    self._show_or_hold(message, arrived_at)
                case events.Malformed(error, arrived_at):
                    self._line(arrived_at, f"{'':>11}  malformed: {error}", WINE)
                case events.Gap(sender, first, last):
                    numbers = f"{first}–{last}" if event.count > 1 else f"{first}"
                    missed = f"missed {event.count:,} ({numbers} from {printable(sender)})"
                    self._line(time.time(), missed, WINE)
                case events.Redelivered(message, deaths):
                    text = f"took over {printable(message.body)} from a listener that fell silent"
                    self._line(time.time(), f"{text} (try {deaths + 1})")
                case events.DeadLetter(message, deaths):
                    times = "once" if deaths == 1 else f"{deaths} times"
                    text = f"put aside {printable(message.body)}: listeners fell silent with it"
                    self._line(time.time(), f"{text} {times}", WINE)
                case events.Note(text):
                    self._show_held()
                    self._line(time.time(), text)

    def _show_or_hold(self, message: Message, arrived_at: float) -> None:
        if self._broken:
            raise self._broken
        self._latest = (message, arrived_at)
        self._held += 1
        if self._ticking:
            return
        now = time.monotonic()
        if now < self._printed[0] + 1:
            self._tick_later()
        else:
            self._printed.append(now)
            self._show_held()

    def _tick_later(self) -> None:
        self._ticking = True
        timer = threading.Timer(SUMMARY_INTERVAL, self._tick)
        timer.daemon = True
        timer.start()

    def _tick(self) -> None:
        with self._lock:
            are_many = self._held > LINES_PER_SECOND * SUMMARY_INTERVAL
            try:
                self._show_held()
            except OutputClosedError as error:
                self._broken = error
            self._ticking = False
            if are_many:
                self._tick_later()

    def _show_held(self) -> None:
        if not (self._held and self._latest):
            return
        message, arrived_at = self._latest
        text = printable(message.body)
        if self._held > 1:
            text = f"{self._held:,} messages, latest {text}"
        self._held = 0
        delay = "" if message.sent is None else f"{(arrived_at - message.sent) * 1000:,.1f} ms"
        self._line(arrived_at, self._fit(f"{delay:>11}  ", text))

    def _line(self, seconds: float, text: str, colour: str = "") -> None:
        clock = datetime.fromtimestamp(seconds).strftime("%H:%M:%S.%f")[:-3]
        name = f"{self._listener:<{NAME_WIDTH}}"
        line = f"{self._paint(clock, GREY)}  {self._paint(name, self._colour)}  "
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
        for beside in (delay, delay.lstrip()):
            # A text that is too long for both needs the room, unless there is much of it.
            if columns > 3 * len(delay) or columns >= len(beside) + sum(map(_width, text)):
                text = beside + text
                break
        for end, character in enumerate(text):
            columns -= _width(character)
            if columns < 0:
                return text[: max(end - 1, 0)] + "…"
        return text


def _width(character: str) -> int:
    return 2 if east_asian_width(character) in "FW" else 1
