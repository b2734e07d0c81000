"""What a click did, in words; on its way to the front page it is a few integers."""

from collections.abc import Mapping
from typing import assert_never

from messaging.sending.answers import Answer, Length, Reached
from pages.form import whole_number
from pages.words import number
from patterns.pattern import Words

KEYS = ("count", "length", "fewest", "most")


def integers(count: int, answer: Answer) -> dict[str, int]:
    """How many were sent, and what Redis answered: a length, or how many listeners it reached."""
    match answer:
        case Length(waiting):
            return {"count": count, "length": waiting}
        case Reached(listeners):
            return {"count": count, "fewest": min(listeners), "most": max(listeners)}
        case _:
            assert_never(answer)


def read_integers(arguments: Mapping[str, str]) -> dict[str, int]:
    """The same from a query, where anything may stand."""
    numbers = {key: whole_number(arguments.get(key, "")) for key in KEYS}
    return {key: value for key, value in numbers.items() if value is not None}


def outcome(told: Mapping[str, int], words: Words) -> str:
    """A sentence; empty when the integers tell nothing."""
    match told:
        case {"count": 1, "length": length}:
            return f"the {words.noun}’s length was {length:,}."
        case {"count": count, "length": length} if count:
            return f"{count:,} messages {words.sent}, the {words.noun}’s length was {length:,}."
        case {"count": 1, "most": 0}:
            return "nobody was listening: this message is gone."
        case {"count": count, "most": 0} if count:
            return f"nobody was listening: these {count:,} messages are gone."
        case {"count": 1, "fewest": _, "most": most}:
            return f"sent to {number(most, 'subscriber')}."
        case {"count": count, "fewest": fewest, "most": most} if count:
            between = f"{fewest:,} to " if fewest != most else ""
            return f"{count:,} messages sent to {between}{number(most, 'subscriber')} each."
    return ""
