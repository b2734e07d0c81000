"""The listeners that the demo has started: it alone starts, finds and awaits them."""

from collections.abc import Callable
from functools import partial

from controls.verbs import MOST_LISTENERS
from patterns import PATTERNS
from starting.children import Children
from starting.process import spawn, wait_until
from starting.stage.later import Later
from starting.stage.line import Line
from starting.stage.lines import CAN_HAVE_LINES, open_line, via
from starting.stage.own import Own, Part, RefusedError

READY_WITHIN = 6.0  # seconds for a listener to start
ENDS_WITHIN = 6.0  # seconds for one that was asked to stop


class Cast:
    """The demo's own listeners, by name, and the lines to Redis; the main thread calls it."""

    def __init__(
        self, children: Children, tell: Callable[[str], None], on_change: Callable[[], None]
    ) -> None:
        self._children, self.tell, self._on_change = children, tell, on_change
        self._own: dict[str, Own] = {}
        self.later = Later()
        self.has_lines = False
        self.web_line: Line | None = None
        self.on_start: dict[str, Callable[[Own], None]] = {}  # by pattern

    def open_lines(self) -> dict[str, str]:
        """Give every process a line from now on; return what the web needs in its environment."""
        self.has_lines = CAN_HAVE_LINES
        self.web_line = open_line() if self.has_lines else None
        return via(self.web_line)

    def tell_later(self, text: str) -> None:
        """Print a line; any thread may call it."""
        self.later.add(partial(self.tell, text))

    def present(self, pattern: str = "") -> list[Own]:
        """Return those that run, of one pattern or of all; the first number first."""
        for name in self._own.keys() - self._children.running():
            if line := self._own.pop(name).line:
                line.close()
        everyone = sorted(self._own.values(), key=lambda one: (len(one.name), one.name))
        return [one for one in everyone if pattern in ("", one.part.pattern.name)]

    def named(self, name: str) -> Own:
        """Return the listener of this name; raises RefusedError."""
        for one in self.present():
            if one.name == name:
                return one
        raise RefusedError("This demo has started no listener of that name, or it has ended.")

    def free_name(self, pattern: str) -> str:
        """Return the name of one more listener; raises RefusedError where there are enough."""
        taken = {one.name for one in self.present(pattern)}
        for number in range(1, MOST_LISTENERS + 1):
            if (name := f"{pattern}-{number}") not in taken:
                return name
        raise RefusedError(f"The demo starts at most {MOST_LISTENERS} listeners of a pattern.")

    def start(self, part: Part) -> Own:
        """Start a listener, without waiting until it listens."""
        self.present()  # closes the line of an earlier one of that name
        line = open_line(part.take) if self.has_lines else None
        one = self._own[part.name] = Own(part, spawn(part.command(), via(line)), line)
        self._children.add(part.name, one.process)
        if on_start := self.on_start.get(part.pattern.name):
            on_start(one)
        self._on_change()
        return one

    def start_first(self, pattern: str, count: int) -> None:
        for _ in range(count):
            self.start(Part(PATTERNS[pattern], self.free_name(pattern)))

    def must_listen(self, *those: Own) -> None:
        """Wait until all of them listen; raises RefusedError."""
        self.until(lambda: all(one.listens() or self.has_ended(one) for one in those), READY_WITHIN)
        for one in those:
            if self.has_ended(one):
                raise RefusedError(f"{one.name} ended at once: the terminal of the demo says why.")
            if not one.listens():
                raise RefusedError(f"{one.name} was started, but does not listen yet.")

    def must_end(self, *those: Own) -> None:
        """Wait until all of them have ended; raises RefusedError."""
        if not self.until(lambda: all(map(self.has_ended, those)), ENDS_WITHIN):
            late = " and ".join(one.name for one in those if not self.has_ended(one))
            raise RefusedError(f"{late} was asked to end, and still finishes what it has in hand.")

    def has_ended(self, one: Own) -> bool:
        """Whether the main thread has seen it end."""
        return one not in self.present()

    def until(self, condition: Callable[[], bool], within: float) -> bool:
        """Wait, and stop when the demo is asked to; return whether the condition holds."""
        return wait_until(condition, within, sleep=self._children.wait)

    def close(self) -> None:
        """Close all lines, when all processes have ended."""
        for one in self.present():
            if one.line:
                one.line.close()
        if self.web_line:
            self.web_line.close()
