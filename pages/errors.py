"""This module answers every error with a page that links back, or with JSON."""

import logging

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from redis import RedisError
from werkzeug.exceptions import HTTPException

from messaging.connection import explain
from messaging.sending.sender import NotSentError, OutcomeUnknownError

errors = Blueprint("errors", __name__)
log = logging.getLogger("web")

RETRY_AFTER = 5  # seconds


def wants_json() -> bool:
    """Return whether the caller prefers JSON; a caller that accepts anything gets a page."""
    kinds = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(kinds, "text/html") == "application/json"


@errors.app_errorhandler(NotSentError)
def say_not_sent(error: NotSentError) -> Response:
    response = _answer(503, "Nothing was sent", str(error), outcome="not sent")
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


@errors.app_errorhandler(RedisError)
def say_away(error: RedisError) -> Response:
    return _answer(503, "Redis is away", explain(error), redis="away")


@errors.app_errorhandler(OutcomeUnknownError)
def say_unknown(error: OutcomeUnknownError) -> Response:
    sent = error.sent
    what, them = (f"{sent.count:,} sent", "them") if sent.count > 1 else ("Sent", "the message")
    sentence = f"{what}, but the reply was lost: whether Redis got {them}, nobody knows. {error}"
    log.warning("%s: unknown, for the reply to a send of %s was lost", request.path, sent.count)
    return _answer(504, "Unknown", sentence, outcome="unknown", **sent.numbers())


@errors.app_errorhandler(HTTPException)
def say_refused(error: HTTPException) -> Response:
    response = _answer(error.code or 500, error.name, error.description or "")
    for header, value in error.get_headers():
        if header not in ("Content-Type", "Content-Length"):
            response.headers[header] = value  # a 405 needs its Allow, a 503 its Retry-After
    return response


@errors.app_errorhandler(Exception)
def say_our_fault(error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(500, "Our mistake", "Something went wrong here; the log of the web says what.")


def _answer(status: int, title: str, sentence: str, **facts: str | int) -> Response:
    if wants_json():
        return make_response(jsonify(error=sentence, **facts), status)
    return make_response(render_template("error.html", title=title, sentence=sentence), status)
