"""Says which messages a listener had in hand when a fault struck, as its proxy saw it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from lab.history.records import Fault, Handed, History, Line

SEEN_WITHIN = 0.5  # seconds after a process died in which its proxy sees that a connection ended


class Hands:
    """Who was handed which message, when, and over which connection."""

    def __init__(self, history: History) -> None:
        self._keeps = history.promise.keeps
        self._received = history.received
        self._lines = {line.number: line for line in history.lines}
        self._handed: dict[str, dict[int, list[Handed]]] = defaultdict(lambda: defaultdict(list))
        self.times: dict[str | None, list[Handed]] = defaultdict(list)  # by id
        for one in history.handed:
            self._handed[one.to][one.line].append(one)
            self.times[one.id].append(one)

    def held(self, fault: Fault, names: Iterable[str]) -> set[str]:
        """The ids that these listeners had in hand when it struck."""
        return {id_ for name in names for id_ in self._held_by(name, fault)}

    def withheld(self, fault: Fault, names: Iterable[str]) -> set[str]:
        """The ids that their proxies kept back meanwhile."""
        return {
            one.id
            for name in names
            for handed in self._handed[name].values()
            for one in handed
            if not one.passed and fault.at <= one.at <= fault.until and one.id
        }

    def cut_lines(self, fault: Fault, names: Iterable[str]) -> list[Line]:
        """Their connections that ended meanwhile."""
        names = {*names}
        lines = [line for line in self._lines.values() if line.to in names]
        return [line for line in lines if fault.at <= line.closed <= _end_of(fault)]

    def _held_by(self, name: str, fault: Fault) -> Iterable[str]:
        for number, handed in self._handed[name].items():
            line = self._lines[number]
            if line.opened > fault.struck or line.closed < fault.at:
                continue
            if fault.spares_open_lines and line.closed > _end_of(fault):
                continue
            # Asked for before it struck; the answer may have come later.
            asked = [one for one in handed if one.asked <= fault.struck and one.at <= fault.until]
            last = _last_turn(asked, fault) if self._keeps else self._unfinished(name, asked, fault)
            yield from (one.id for one in last if one.id)

    def _unfinished(self, name: str, handed: Sequence[Handed], fault: Fault) -> Sequence[Handed]:
        """Of messages that come unasked, those after the last one that it told of before."""
        told = {one.id for one in self._received[name] if one.at <= fault.struck}
        done = max((n for n, one in enumerate(handed) if one.id in told), default=-1)
        return handed[done + 1 :]


def _end_of(fault: Fault) -> float:
    """The latest moment at which a connection may end and still have ended by this fault.

    Most faults last until their listeners are back, so the proxies have seen it by then. One that
    spares the other listeners is over at once, and the proxies may see the end a moment later.
    """
    return fault.until + (SEEN_WITHIN if fault.spares_open_lines else 0.0)


def _last_turn(handed: Sequence[Handed], fault: Fault) -> list[Handed]:
    """Whoever asks for the next message is done with those before."""
    last = [one for one in handed if one.turn == handed[-1].turn]
    return [one for one in last if one.released >= fault.at]
