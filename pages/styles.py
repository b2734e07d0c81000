"""This module serves a style sheet for each page: the patterns' colours, then its components."""

from functools import cache
from pathlib import Path

from flask import Response, abort, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from patterns import PATTERNS

STATIC = Path(__file__).resolve().parents[1] / "static"
# Each page names its components, which are files in static/ without .css.
PAGES = {
    "plain": ("style",),
    "ask": ("style", "live/bar"),
    "inspection": ("style", "jobs/inspection"),
    "front": (
        *("uplot/uPlot.min", "style", "charts", "front/front", "front/guide", "front/play"),
        *("front/controls", "live/bar", "live/track", "live/place", "live/cards"),
        *("live/figures", "live/fates"),
        *("front/laptop", "front/phone"),
    ),
    "jobs": (
        *("style", "front/front", "front/guide", "live/bar", "live/figures"),
        *("jobs/jobs", "jobs/bars", "jobs/workers"),
    ),
    "piece": ("style", "live/bar", "jobs/jobs", "jobs/bars", "jobs/piece"),
    "matrix": ("style", *(f"compare/{name}" for name in ("compare", "cost", "choice", "matrix"))),
    "code": ("style", "jobs/code"),
    "cell": ("uplot/uPlot.min", "style", "charts", "compare/compare", "compare/cell"),
}


def sheet(page: str) -> WerkzeugResponse:
    """Return the style sheet of a page, or 304 where the browser already has it."""
    if page not in PAGES:
        abort(404, "There is no style sheet of that name.")
    response = Response(joined(page), mimetype="text/css")
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"  # the browser keeps it, but asks each time
    return response.make_conditional(request)


@cache  # each click of siege asks for it
def joined(page: str) -> str:
    colours = render_template("patterns.css", patterns=PATTERNS)
    components = [(STATIC / f"{name}.css").read_text() for name in PAGES[page]]
    return "\n".join([colours, *components])
