"""This module says what a click did; the redirect to the front page carries it as integers."""

from collections.abc import Mapping
from typing import assert_never

from messaging.sending.answers import Answer, Length, Reached
from pages.form import whole_number
from pages.words import number
from patterns.declaration.pattern import Words

KEYS = ("count", "length", "fewest", "most")


def integers(count: int, answer: Answer) -> dict[str, int]:
    """Return how many messages were sent, and the length or the listeners that Redis answered."""
    match answer:
        case Length(waiting):
            return {"count": count, "length": waiting}
        case Reached(listeners):
            return {"count": count, "fewest": min(listeners), "most": max(listeners)}
        case _:
            assert_never(answer)


def read_integers(arguments: Mapping[str, str]) -> dict[str, int]:
    """Return these integers from a query, without those that are missing or no numbers."""
    numbers = {key: whole_number(arguments.get(key, "")) for key in KEYS}
    return {key: value for key, value in numbers.items() if value is not None}


def outcome(told: Mapping[str, int], words: Words) -> str:
    """Return a sentence for the integers; it is empty where they say nothing."""
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
            return f"sent to {number(most, 'listener')}."
        case {"count": count, "fewest": fewest, "most": most} if count:
            between = f"{fewest:,} to " if fewest != most else ""
            return f"{count:,} messages sent to {between}{number(most, 'listener')} each."
    return ""
