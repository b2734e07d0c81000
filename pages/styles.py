"""One style sheet a page: those of its components, after the colours that the patterns declare."""

from functools import cache
from pathlib import Path

from flask import Response, abort, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from patterns import PATTERNS

STATIC = Path(__file__).resolve().parents[1] / "static"
# The components of each page, as files in static/ without .css.
PAGES = {
    "plain": ("style",),
    "front": (
        *("style", "charts", "front/front", "front/guide"),
        *("live/bar", "live/track", "live/place", "live/cards", "live/figures"),
    ),
    "matrix": ("style", "compare/compare", "compare/choice", "compare/matrix"),
    "cell": ("style", "charts", "compare/compare", "compare/cell"),
}


def sheet(page: str) -> WerkzeugResponse:
    """The style sheet of a page; a browser that has it already is told so."""
    if page not in PAGES:
        abort(404, "There is no style sheet of that name.")
    response = Response(joined(page), mimetype="text/css")
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"  # but asked for again, as static files are
    return response.make_conditional(request)


@cache
def joined(page: str) -> str:
    colours = render_template("patterns.css", patterns=PATTERNS)
    components = [(STATIC / f"{name}.css").read_text() for name in PAGES[page]]
    return "\n".join([colours, *components])
