"""What happened in the kitchen, and the sum of it in words."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

GONE = {"was killed": "Killed", "gave up": "Gave up"}  # the second after an error of Redis
Span = tuple[float, float]  # from and to, in seconds of time.monotonic()


@dataclass(frozen=True)
class Event:
    """What a cook or eater did."""

    at: float  # seconds of time.monotonic(), which all processes of a machine share
    who: str  # «cook 1», «eater 2»
    what: str  # cooks: puts, waits; eaters: takes, has eaten, waits; both: one of GONE
    dish: str = ""  # «1-4» is the fourth of cook 1

    @property
    def is_of_cook(self) -> bool:
        return self.who.startswith("cook")


@dataclass
class Diary:
    """All that was told so far; who waits is known from the beginning of the wait."""

    places: int
    counts: Counter[str] = field(default_factory=Counter)  # what → how often
    doing: dict[str, str] = field(default_factory=dict)  # who → the last that they did
    levels: list[tuple[float, int]] = field(default_factory=list)  # of the counter, from when on
    waits: dict[str, list[Span]] = field(default_factory=dict)  # those that are over
    began: dict[str, float] = field(default_factory=dict)  # the waits that are not

    def note(self, event: Event) -> None:
        self.counts[event.what] += 1
        self.doing[event.who] = event.what
        if event.what == "waits":
            self.began[event.who] = event.at
            return
        if (since := self.began.pop(event.who, None)) is not None:
            self.waits.setdefault(event.who, []).append((since, event.at))
        self.levels.append((event.at, self.level))

    @property
    def level(self) -> int:
        """How many dishes are on the counter.

        A thread tells after it has put or taken, so for a moment two may have told in the other
        order: what cannot be is left out.
        """
        return min(max(self.counts["puts"] - self.counts["takes"], 0), self.places)

    def spans(self, who: str, now: float) -> list[Span]:
        """Return the times in which somebody waited; one may last until now."""
        waits = self.waits.get(who, [])
        return [*waits, (self.began[who], now)] if who in self.began else waits

    def waited(self, who: str, now: float) -> float:
        """Return for how many seconds somebody has waited."""
        return sum(end - start for start, end in self.spans(who, now))

    def level_at(self, at: float) -> int:
        """Return how many dishes were on the counter then."""
        before = bisect_right(self.levels, at, key=lambda level: level[0])
        return self.levels[before - 1][1] if before else 0

    def sum(self, left: int | None, lost_places: int) -> list[str]:
        """Return sentences; `left` dishes were found on the counter when everybody had gone."""
        cooked, eaten = self.counts["puts"], self.counts["has eaten"]
        if left is None:
            return [f"Heard of {cooked:,} cooked and {eaten:,} eaten; what is left is unknown."]
        words = f"Cooked {cooked:,} = eaten {eaten:,} + left on the counter {left:,}"
        lost = cooked - eaten - left
        if lost:
            words += f" + lost {lost:,}"
        sentences = [f"{words}."]
        for what, words in GONE.items():
            if names := [who for who, last in self.doing.items() if last == what]:
                sentences.append(f"{words}: {', '.join(names)}.")
        if lost:
            sentences.append("Lost is what had been taken and was not eaten.")
        if lost_places:
            sentences.append(f"Places that were held and are lost: {lost_places:,}.")
        return sentences
