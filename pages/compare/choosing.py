"""This module asks six questions and finds the pattern that fits the answers best."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from patterns import COMPARED
from patterns.declaration.facts import ON_DISK, Fact
from patterns.declaration.pattern import Hears, Order, Pattern


@dataclass(frozen=True)
class Question:
    name: str
    text: str
    help: str
    is_met: Callable[[Pattern], bool]  # whether a pattern satisfies the demand, as it declares
    demand: str = "no"  # the answer that not every pattern satisfies; the other one excludes none


@dataclass(frozen=True)
class Choice:
    pattern: Pattern
    facts: tuple[Fact, ...]  # one for each question, and ON_DISK where it applies
    missing: tuple[Fact, ...]  # the facts about what the answers demand and the pattern lacks

    @property
    def taken_with(self) -> str:
        """Say what supplies all that is missing; empty where nothing is or not all can be."""
        ways = [fact.taken_with for fact in self.missing]
        return " and ".join(ways) if all(ways) else ""


QUESTIONS = (
    Question(
        "every",
        "Must every listener hear each message?",
        "Yes for news, as «clear your cache»; no for work that one of them is to do.",
        lambda pattern: pattern.everyone_hears,
        demand="yes",
    ),
    Question(
        "away",
        "May a message be lost while its listener is away?",
        "Not started yet, restarting, being deployed: a live price may, an order may not.",
        lambda pattern: pattern.keeps_forever,
    ),
    Question(
        "hand",
        "May the message be lost that a listener is working on when it dies?",
        "A kill, a crash, a power cut: what was taken and not yet done.",
        lambda pattern: pattern.redelivers,
    ),
    Question(
        "twice",
        "May a message be handled twice?",
        "Setting a value twice does no harm; charging a card twice does.",
        lambda pattern: not pattern.redelivers,
    ),
    Question(
        "order",
        "Must they be handled in the order in which they were sent?",
        "Then one listener must handle all that belong together: several overtake each other.",
        lambda pattern: pattern.order is Order.OLDEST_FIRST,
        demand="yes",
    ),
    Question(
        "others",
        "Do others need the same messages for work of their own?",
        "With the sender unchanged: mailers share them, and statistics want them all too.",
        lambda pattern: pattern.hears is not Hears.ONE,
        demand="yes",
    ),
)

# Where no pattern meets all demands, `choose` prefers one that meets the first of these.
WEIGHTIEST = ("every", "hand", "away", "others", "twice", "order")


def given(pattern: Pattern) -> set[str]:
    """Return the names of the questions whose demand a pattern meets."""
    return {one.name for one in QUESTIONS if one.is_met(pattern)}


def choose(answers: Mapping[str, str]) -> Choice:
    """Return the pattern nearest to what six answers demand; of several, the first of COMPARED."""
    asked = {one.name for one in QUESTIONS if answers[one.name] == one.demand}

    def distance(pattern: Pattern) -> list[bool]:
        gives = given(pattern)
        is_shared_wrongly = ("every" in gives) != ("every" in asked)
        return [is_shared_wrongly, *(one in asked - gives for one in WEIGHTIEST)]

    nearest = min(COMPARED.values(), key=distance)
    facts = {one.name: getattr(nearest.facts, one.name) for one in QUESTIONS}
    missing = tuple(facts[name] for name in facts if name in asked - given(nearest))
    more = (ON_DISK,) if nearest.keeps_forever else ()
    return Choice(nearest, (*facts.values(), *more), missing)
