"""This module refuses requests that nobody meant, and limits what a browser may do with a page.

The links send messages by GET, so that people can click them and siege can request them. Therefore
a request is refused that a browser makes by itself, to look ahead, or that another site causes.
"""

from hmac import compare_digest
from ipaddress import IPv6Address, ip_address
from time import monotonic, sleep
from urllib.parse import SplitResult, urlsplit

from flask import Blueprint, Response, abort, request
from gevent import Timeout
from werkzeug.exceptions import ServiceUnavailable

from messaging.settings import IS_LOCAL, TOKEN, TRUSTED_HOSTS

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

BODY_WITHIN = 5  # seconds
SHORTEST = 1e-6  # second of sleep in which gevent looks who else has something to read
BUSY = 1.5  # seconds that a request waits for others, so that it is answered within about two

# In these headers, browsers of today and of former times say prefetch, prerender or preview.
PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@guard.before_app_request
def take_turns() -> None:
    """Let all other requests go on first; answer 503 when that takes long.

    Else a client that always has a next request ready would be served again and again, and others
    would wait for seconds.
    """
    asked = monotonic()
    sleep(SHORTEST)
    if monotonic() > asked + BUSY:
        raise ServiceUnavailable("Too many ask at once. Please try again.", retry_after=1)


@guard.before_app_request
def refuse_unknown_host() -> None:
    """Answer 400 for a host name that is not ours, which is how DNS rebinding asks."""
    # Flask's own TRUSTED_HOSTS does not understand IPv6 addresses.
    if _split(f"//{request.host}").hostname not in TRUSTED_HOSTS:
        abort(400, "This server does not go by that name. TRUSTED_HOSTS lists the names it has.")


@guard.before_app_request
def read_body_in_time() -> None:
    """Answer 408 to a form that does not arrive: gunicorn would keep its connection for ever.

    And 411 to one that does not say how long it is: it would be read later, without a time limit,
    and cut off where it is too long.
    """
    if "Transfer-Encoding" in request.headers:
        abort(411, "A form says how long it is.")
    try:
        with Timeout(BODY_WITHIN):
            if request.content_length:
                request.get_data()
    except Timeout:
        abort(408, f"The form did not arrive within {BODY_WITHIN} seconds.")


@guard.after_app_request
def add_headers(response: Response) -> Response:
    response.headers.extend(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")  # static files bring their own
    return response


def refuse_unmeant() -> None:
    """Answer 403 to a request that a browser made by itself or on behalf of another site.

    siege, wrk and curl send none of these headers, so they are not refused. But over plain HTTP
    from another machine, a browser may send none of them either, where another site shows one of
    our links as an image. So there a request, GET or POST, has the token of our own page, or a
    header that no page can make a browser send.
    """
    if any("pre" in request.headers.get(header, "") for header in PURPOSES):
        abort(403, "Messages are sent by a click, not by a browser that looks ahead.")
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:
        sources = [one for one in (request.origin, request.referrer) if one]
        ours = all(_split(source).netloc == request.host for source in sources)
        site = "none" if ours else "foreign"
        if not sources and not _is_meant():
            abort(403, "From another machine, a program sends the header X-Requested-With.")
    if site not in ("same-origin", "none"):
        abort(403, "Messages are sent from this site's own page, not from another one.")


def _is_meant() -> bool:
    """Return whether a request without a source comes from here, from our page, or a program."""
    is_near = IS_LOCAL or _is_loopback(request.remote_addr or "::")
    has_token = compare_digest(request.args.get("token", "").encode(), TOKEN.encode())
    return is_near or has_token or "X-Requested-With" in request.headers


def _is_loopback(peer: str) -> bool:
    """Return whether a client is on this machine; HOST=:: has 127.0.0.1 as ::ffff:127.0.0.1."""
    address = ip_address(peer)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")  # it has no host, so it equals no host of ours
