"""Who may ask for a page, and what a browser may do with it.

The links change something by GET, for they are there to be clicked and sieged. In exchange they
are refused to what nobody meant: prefetching, and whatever another site makes a browser ask for.
"""

from urllib.parse import SplitResult, urlsplit

from flask import Blueprint, Response, abort, request

from pages.settings import TRUSTED_HOSTS

guard = Blueprint("guard", __name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

# Where browsers say prefetch, prerender or preview, now and formerly.
PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@guard.before_app_request
def refuse_unknown_host() -> None:
    """400 for a name that is not ours: somebody may have pointed it here (DNS rebinding)."""
    # Flask has a setting of that name as well, which knows no IPv6 address.
    if _split(f"//{request.host}").hostname not in TRUSTED_HOSTS:
        abort(400, "This server does not go by that name. TRUSTED_HOSTS lists the names it has.")


@guard.after_app_request
def add_headers(response: Response) -> Response:
    response.headers.extend(HEADERS)
    if "Cache-Control" not in response.headers:  # as static files have it
        response.headers["Cache-Control"] = "no-store"
    return response


def refuse_unmeant() -> None:
    """403 for a request that a browser made by itself, or that another site made it make.

    siege, wrk and curl send none of these headers.
    """
    if any("pre" in request.headers.get(header, "") for header in PURPOSES):
        abort(403, "Messages are sent by a click, not by a browser that looks ahead.")
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:
        sources = {request.headers.get(header) for header in ("Origin", "Referer")} - {None, ""}
        ours = all(_split(str(source)).netloc == request.host for source in sources)
        site = "none" if ours else "foreign"
    if site not in ("same-origin", "none"):
        abort(403, "Messages are sent from this site's own page, not from another one.")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")  # nobody's address
