"""The front page, and what it says that a click did; the redirect carries that as integers."""

from collections.abc import Mapping
from typing import assert_never

from flask import render_template, request

from messaging.sending.answers import Answer, Length, Reached
from pages.control.offer import OFFERED
from pages.form import whole_number
from pages.front import menus
from pages.front.columns import as_query, choices, read_columns
from pages.front.figure_rows import rows
from pages.front.offers import offered, typed
from pages.live.views import live
from pages.words import number
from patterns import PATTERNS
from patterns.declaration.pattern import Words


def front() -> str:
    """Show two patterns; the redirect after a click brings what it did, as a few integers."""
    clicked, columns = request.args.get("sent", ""), read_columns(request.args)
    numbers = {key: whole_number(text) for key, text in request.args.items()}
    told = {key: value for key, value in numbers.items() if value is not None}
    return render_template(
        "front/front.html",
        patterns=PATTERNS,
        columns={name: choices(columns, side) for side, name in enumerate(columns)},
        column_query=as_query(columns),
        clicked=clicked,
        rows={name: rows(PATTERNS[name]) for name in columns},
        outcome=outcome(told, PATTERNS[clicked].words) if clicked in PATTERNS else "",
        side_by_side=[PATTERNS[name] for name in columns],
        experiments=offered(columns),
        play=request.args.get("play", ""),
        typed=typed,
        secret=OFFERED,
        menus=menus,
        status=live.status_after_click(),
    )


def integers(count: int, answer: Answer) -> dict[str, int]:
    """Return how many messages were sent, and the length or the listeners that Redis answered."""
    match answer:
        case Length(waiting):
            return {"count": count, "length": waiting}
        case Reached(listeners):
            return {"count": count, "fewest": min(listeners), "most": max(listeners)}
        case _:
            assert_never(answer)


def outcome(told: Mapping[str, int], words: Words) -> str:
    """Return a sentence for the integers; it is empty where they say nothing."""
    match told:
        case {"count": 1, "length": length}:
            return f"the {words.noun}’s length was {length:,} when this was {words.sent}."
        case {"count": count, "length": length} if count:
            return (
                f"{count:,} messages {words.sent}; the {words.noun}’s length was then {length:,}."
            )
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
