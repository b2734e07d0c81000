"""The front page."""

from flask import render_template, request

from pages.front.clicks import outcome, read_integers
from pages.front.columns import as_query, choices, read_columns
from pages.live.views import live
from patterns import FIRST_TWO, PATTERNS


def front() -> str:
    """Show two patterns; the redirect after a click brings what it did, as a few integers."""
    clicked, columns = request.args.get("sent", ""), read_columns(request.args)
    told = read_integers(request.args)
    return render_template(
        "front/front.html",
        patterns=PATTERNS,
        columns={name: choices(columns, side) for side, name in enumerate(columns)},
        column_query=as_query(columns),
        clicked=clicked,
        outcome=outcome(told, PATTERNS[clicked].words) if clicked in PATTERNS else "",
        side_by_side=[PATTERNS[name] for name in columns],
        first_two=FIRST_TWO,
        has_guide=sorted(columns) == sorted(FIRST_TWO),
        status=live.status_after_click(),
    )
