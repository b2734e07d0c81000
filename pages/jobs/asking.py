"""This module has pieces of work done for a request, and answers when it may."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from flask import abort, jsonify, redirect, request, url_for
from redis import Redis, RedisError
from werkzeug.wrappers import Response as Page

from jobs import asking, notes
from jobs.arguments import ArgumentsError
from jobs.ways.way import NotPossibleError, Refusal
from jobs.work import Piece
from messaging.connection import connect
from pages.errors import wants_json
from pages.guard import refuse_unmeant
from pages.jobs.columns import address_of, read_shown
from pages.jobs.fields import Fields, read_fields
from pages.jobs.history import sentence
from pages.jobs.sentences import said_of

redis = connect()  # of this process; it connects on first use


def ask_for(way: str, task: str) -> Page:
    """Have a task done by a way; the answer tells what is known of it when it is begun."""
    refuse_unmeant()
    fields = read_fields()
    try:
        pieces, refusal = _ask_at_once(redis, way, task, fields)
    except (ArgumentsError, NotPossibleError) as error:
        abort(400, str(error))
    with suppress(RedisError):  # they were asked for, whatever becomes of these notes
        for piece in pieces:
            notes.note_answered(redis, piece.work.id)
    if refusal:
        others = f" {len(pieces):,} of {fields.count:,} were taken." if pieces else ""
        abort(refusal.status, f"{refusal}{others}", retry_after=refusal.retry_after)
    return _tell(pieces, way, task)


def _ask_at_once(
    redis: Redis, way: str, task: str, fields: Fields
) -> tuple[list[Piece], Refusal | None]:
    """Ask for all pieces at the same time, each in a thread of its own, as five people would.

    One request for five is better than five from the script: a browser has six connections to a
    site, one of which is the stream, so that a click on the other column would wait for the first.
    """
    found = asking.way_named(way)

    def ask(_: int) -> Piece | Refusal:
        try:
            return asking.ask(redis, found, task, fields.arguments, fields.delay)
        except Refusal as error:
            return error

    if fields.count == 1:
        answers = [ask(0)]
    else:
        with ThreadPoolExecutor(fields.count) as threads:
            answers = [*threads.map(ask, range(fields.count))]
    pieces = [one for one in answers if isinstance(one, Piece)]
    return pieces, next((one for one in answers if not isinstance(one, Piece)), None)


def _tell(pieces: Sequence[Piece], way: str, task: str) -> Page:
    """Return JSON, 200 where all is over and 202 where not; or lead back to the page."""
    if not wants_json():
        shown = read_shown(request.args)
        side = "right" if way == shown.right else "left"
        return redirect(address_of(replace(shown, task=task), side), 303)
    is_over = all(one.state.is_final for one in pieces)
    now = time.time()
    pieces = [replace(one, answered=now) for one in pieces]
    told = [
        {"id": one.work.id, "url": url_for("piece", id_=one.work.id), "state": one.state}
        for one in pieces
    ]
    said = sentence(pieces[0], now) if len(pieces) == 1 else " ".join(said_of(pieces, now))
    response = jsonify(asked=len(pieces), sentence=said, pieces=told)
    if len(pieces) == 1:
        response.headers["Location"] = str(told[0]["url"])
    response.status_code = 200 if is_over else 202
    return response
