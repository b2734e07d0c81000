"""The sentences: plain words, made from the figures and from nothing else."""

from typing import Any

import pytest

from pages.live.sentences import sentence
from pages.words import number, quantity
from patterns import PATTERNS
from patterns.declaration.pattern import Pattern
from tests.cases import cases


def one(received: int = 0, state: str = "waiting", **more: Any) -> dict[str, Any]:
    common = {"received": received, "elsewhere": 0, "earlier": 0, "state": state, "in_hand": None}
    return {**common, **more}


def queue(sent: int, waiting: int, *listeners: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**_common(sent, listeners), "waiting": waiting, **more}


def kept(sent: int, waiting: int, *listeners: dict[str, Any], **more: Any) -> dict[str, Any]:
    queued = queue(sent, waiting, *listeners)
    return {**queued, "redelivered": 0, "dead": 0, "dead_letters": 0, **more}


def channel(sent: int, *listeners: dict[str, Any], **more: Any) -> dict[str, Any]:
    common = _common(sent, listeners)
    return {**common, "deliveries": common["received"], "unheard": 0, **more}


def _common(sent: int, listeners: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    there = sum(listener["state"] != "gone" for listener in listeners)
    received = sum(listener["received"] for listener in listeners)
    common = {"sent": sent, "received": received, "listeners": list(listeners), "there": there}
    return {
        **common,
        **dict.fromkeys(("elsewhere", "earlier", "unknown", "missed", "malformed"), 0),
    }


GONE = one(3, "gone")
IN_HAND = {"in_hand": ["web-1-1", "7"]}


def pattern_of(figures: dict[str, Any]) -> Pattern:
    """One that has these figures."""
    return next(
        pattern
        for pattern in PATTERNS.values()
        if pattern.redelivers == ("dead_letters" in figures)
        and pattern.everyone_hears == ("deliveries" in figures)
        and pattern.keeps == ("waiting" in figures)
    )


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (queue(0, 0), "0 sent: nobody is listening."),
        (queue(0, 0, one()), "0 sent: 1 listener is listening."),
        (channel(0, one(), one()), "0 sent: 2 listeners are listening."),
        (queue(40, 0, one(30), one(10)), "40 sent: each went to one of 2 listeners, 0 waiting."),
        (queue(40, 4, one(36)), "40 sent: the one listener took each, 4 waiting."),
        (queue(1, 0, one(1), one()), "1 sent: it went to one of 2 listeners, 0 waiting."),
        (queue(40, 40), "40 sent: nobody is listening, 40 waiting."),
        (
            queue(5, 1, one(3, "working", **IN_HAND)),
            "5 sent: 3 received, 1 waiting, 1 in hand.",
        ),
        (
            queue(5, 0, one(1), one(3, "gone", **IN_HAND)),
            "5 sent: 4 received, 0 waiting, 1 lost by a listener that died, 1 listener gone.",
        ),
        (queue(9, 0, one(8)), "9 sent: 8 received, 0 waiting, 1 neither waiting nor received."),
        (queue(9, 0, one(8, "working")), "9 sent: 8 received, 0 waiting."),
        (
            queue(3, 0, one(5), unknown=1),
            "3 sent: 5 received, 0 waiting, 1 of them not counted as sent, "
            "1 more unknown, for the reply was lost.",
        ),
        (
            queue(3, 0, one(4), unknown=1),
            "3 sent: 4 received, 0 waiting, 1 more unknown, for the reply was lost.",
        ),
        (
            queue(0, 0, one(8)),
            "0 sent: 8 received, 0 waiting, 8 of them not counted as sent.",
        ),
        (
            queue(4, 0, one(7, elsewhere=3), elsewhere=3),
            "4 sent: the one listener took each, 0 waiting, 3 more from other programs.",
        ),
        (
            queue(9, 0, one(5), received=9),
            "9 sent: 9 received, 0 waiting.",  # by whom, is not all known any more
        ),
        (
            queue(2, 0, one(1), one(0, "frozen", **IN_HAND)),
            "2 sent: 1 received, 0 waiting, 1 in hand, 1 listener frozen.",
        ),
        (
            queue(1, 0, one(1), malformed=2),
            "1 sent: the one listener took it, 0 waiting, 2 malformed.",
        ),
        (kept(0, 0, dead_letters=3), "0 sent: nobody is listening."),
        (kept(40, 0, one(30), one(10)), "40 sent: 40 received, 0 waiting."),
        (kept(40, 4, one(30), one(8)), "40 sent: 38 received, 4 waiting."),  # 2 of them again
        (kept(9, 0, one(8)), "9 sent: 8 received, 0 waiting, 1 neither waiting nor received."),
        (
            kept(9, 0, one(8), redelivered=2),
            "9 sent: 8 received, 0 waiting, 2 redelivered, "
            "at least 1 neither waiting nor received.",
        ),
        (kept(9, 0, one(8, "working")), "9 sent: 8 received, 0 waiting."),  # one may be on its way
        (
            kept(5, 0, one(3), one(1, "gone", **IN_HAND)),
            "5 sent: 4 received, 0 waiting, 1 to be redelivered, for its listener died, "
            "1 listener gone.",
        ),
        (
            kept(5, 0, one(4), one(1, "gone", **IN_HAND), redelivered=2, dead=1),
            "5 sent: 5 received, 0 waiting, 1 to be redelivered, for its listener died, "
            "2 redelivered, 1 dead letter, 1 listener gone.",
        ),
        (
            kept(10, 0, one(10), one(10), kept=0, groups=2),
            "10 sent: 20 received, 0 waiting for any of 2 groups.",
        ),
        (
            kept(10, 7, one(10), one(3), kept=8, groups=2),
            "10 sent: 13 received, 7 waiting for the slowest of 2 groups, 1 in hand.",
        ),
        (kept(3, 3, kept=3, groups=0), "3 sent: nobody is listening, 3 waiting."),
        (channel(40, one(40), one(40)), "40 sent: 2 listeners heard each, 80 deliveries."),
        (channel(1, one(1)), "1 sent: 1 listener heard it, 1 delivery."),
        (channel(9, unheard=9, deliveries=0), "9 sent: nobody was listening, all are gone."),
        (
            channel(9, one(8), one(9), GONE, missed=1, unheard=0, deliveries=21),
            "9 sent: 21 deliveries, 20 received, 1 missed by a listener, 1 listener gone.",
        ),
        (
            channel(9, one(5), unheard=4),
            "9 sent: 5 deliveries, 4 heard by nobody.",
        ),
        (
            channel(9, one(5, "working"), deliveries=9, unreceived=4),
            "9 sent: 9 deliveries, 5 received, "
            "4 not received: unread in a connection, or lost with it.",
        ),
        (
            channel(9, one(5), deliveries=9, missed=2, unreceived=2),
            "9 sent: 9 deliveries, 5 received, "
            "at least 2 not received: unread in a connection, or lost with it, "
            "2 missed by a listener.",
        ),
        (channel(9, one(5, "working"), deliveries=9), "9 sent: 9 deliveries."),
        (
            channel(2, one(2), unknown=1000),
            "2 sent: 1 listener heard each, 2 deliveries, 1,000 more unknown, for the reply was "
            "lost.",
        ),
    ],
)
def test_a_sentence_says_what_the_figures_say(figures: dict[str, Any], text: str) -> None:
    listed = sum(listener["received"] for listener in figures["listeners"])
    told: Any = figures
    said = sentence(pattern_of(figures), told, listed == figures["received"])
    assert " ".join(said) == text


def test_one_is_not_many() -> None:
    assert number(1, "delivery", "deliveries") == "1 delivery"
    assert number(2406, "listener") == "2,406 listeners"


@pytest.mark.parametrize(("value", "text"), cases("quantity"))
def test_a_figure_has_two_digits_where_it_has_a_fraction(value: object, text: str) -> None:
    assert quantity(value) == text
