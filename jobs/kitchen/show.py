"""Shows the kitchen until it closes: a chart on a terminal, otherwise a line for each event."""

import os
import shutil
import signal
import sys
import textwrap
import time
from collections.abc import Callable
from typing import Any

from jobs.kitchen.diary import Diary, Event
from jobs.kitchen.drawing import describe, draw
from jobs.kitchen.options import TICK, Options


class Show:
    """Notes events in a diary, draws them, and knows when the kitchen is to close."""

    def __init__(self, options: Options) -> None:
        cooks = [f"cook {n}" for n in range(1, options.cooks + 1)]
        eaters = [f"eater {n}" for n in range(1, options.eaters + 1)]
        self.cooks, self.eaters = cooks, eaters
        self._seconds = options.seconds
        self._diary = Diary(options.places)
        self._start = self._drawn = 0.0  # seconds of time.monotonic()
        self._asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        size = shutil.get_terminal_size()
        fits = size.columns >= 60 and size.lines > len(cooks) + len(eaters) + 4
        can_redraw = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._chart = can_redraw and fits
        self._coloured = self._chart and not os.environ.get("NO_COLOR")
        self._lines = 0  # of the chart that stands on the terminal

    def _ask(self, *_: Any) -> None:
        """Take a signal; it does no more than this because it may interrupt anything."""
        self._asked = True

    @property
    def was_open(self) -> bool:
        return bool(self._start)

    def watch(self, next_event: Callable[[], Event | None]) -> None:
        """Show what happens until the time is over or somebody asks to stop.

        `next_event` waits for at most a tick, and returns None when nothing happened.
        """
        self._start = time.monotonic()
        while not self._asked and time.monotonic() < self._start + self._seconds:
            if event := next_event():
                self.note(event)
            self._draw()

    def note(self, event: Event) -> None:
        self._diary.note(event)
        if not self._chart:
            print(describe(event, self._diary, max(event.at - self._start, 0)), flush=True)

    def _draw(self, is_last: bool = False) -> None:
        now = time.monotonic()
        if not self._chart or (now < self._drawn + TICK and not is_last):
            return
        self._drawn = now
        columns = shutil.get_terminal_size().columns
        people = (self.cooks, self.eaters)
        time_shown = (self._start, self._seconds, now)
        lines = draw(self._diary, *people, time_shown, columns, self._coloured)
        back = f"\x1b[{self._lines}F" if self._lines else ""
        print(back + "".join(f"{line}\x1b[K\n" for line in lines), end="", flush=True)
        self._lines = len(lines)

    def end(self, left: int | None, lost_places: int = 0) -> None:
        """Print the sum; `left` dishes were found on the counter when everybody had gone."""
        self._draw(is_last=True)
        now = time.monotonic()
        sentences = self._diary.sum(left, lost_places)
        for people in (self.cooks, self.eaters):
            waits = [f"{who} {self._diary.waited(who, now):.1f} s" for who in people]
            sentences.append(f"Waited: {', '.join(waits)}.")
        width = min(shutil.get_terminal_size().columns, 80)
        for sentence in sentences:
            print(textwrap.fill(sentence, width), flush=True)
