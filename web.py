"""The web server: one function per pattern sends its messages, and the routes call it."""

import logging
import math
import os
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response, jsonify, redirect, request, url_for
from redis import Redis
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as Page

from messaging.connection import connect
from messaging.message import printable
from messaging.sending.answers import Answer, Length, Reached, Send, carried_out, in_one_step
from messaging.sending.sender import Sender, Sent
from messaging.settings import HOST, IS_LOCAL, PORT, QUEUE_LIMIT, TOKEN
from pages.compare.views import cell, cell_url, matrix
from pages.control.views import control
from pages.errors import errors, wants_json
from pages.form import LONGEST_FORM, read_bodies
from pages.front.columns import as_query, read_columns
from pages.front.views import front, integers, outcome
from pages.guard import guard, refuse_unmeant
from pages.jobs.code import code
from pages.jobs.routes import ADDRESSES_OF_JOBS
from pages.live.views import live
from pages.styles import sheet
from pages.words import quantity
from patterns import PATTERNS
from patterns.declaration.pattern import Pattern
from patterns.fanout import KEPT_FOR, LISTENERS, LISTS, PUSH
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from patterns.reliable import RELIABLE
from patterns.stream import STREAM


def prodcons(redis: Redis, lines: list[bytes]) -> Length:
    """Push onto the queue and return its new length."""
    return Length(redis.lpush(QUEUE, *lines))


def pubsub(redis: Redis, lines: list[bytes]) -> Reached:
    """Publish on the channel and return how many listeners each line reached."""
    with redis.pipeline(transaction=False) as pipeline:  # one round trip for all lines
        for line in lines:
            pipeline.publish(CHANNEL, line)
        return Reached(carried_out(pipeline.execute(raise_on_error=False)))


def reliable(redis: Redis, lines: list[bytes]) -> Length:
    """Push onto the reliable queue and return its new length."""
    return Length(redis.lpush(RELIABLE, *lines))


def stream(redis: Redis, lines: list[bytes]) -> Length:
    """Add to the stream and return how many messages it now holds."""
    with redis.pipeline() as pipeline:  # all lines or none
        for line in lines:
            pipeline.xadd(STREAM, {"line": line})
        pipeline.xlen(STREAM)
        return Length(in_one_step(pipeline)[-1])


def fanout(redis: Redis, lines: list[bytes]) -> Reached:
    """Push onto the list of each listener and return how many listeners have one."""
    count, longest = redis.eval(PUSH, 1, LISTENERS, LISTS, KEPT_FOR, *lines)
    return Reached([count] * len(lines), waiting=longest)


SENDS: dict[str, Send] = {f.__name__: f for f in (prodcons, pubsub, reliable, stream, fanout)}

log = logging.getLogger("web")
app = Flask(__name__)
app.debug = False  # FLASK_DEBUG must not switch the debugger on
app.config["MAX_CONTENT_LENGTH"] = LONGEST_FORM
app.json.sort_keys = False  # type: ignore[attr-defined] # fields stay in the order of the code
app.add_template_filter(quantity, "number")
app.add_template_global(cell_url)
app.jinja_env.globals["our_token"] = {} if IS_LOCAL else {"token": TOKEN}
app.register_blueprint(guard)
app.register_blueprint(errors)
app.register_blueprint(code)
app.before_request(live.start)
health = connect()
sender = Sender(live.on_sent)
os.register_at_fork(after_in_child=sender.take_new_name)  # a forked child needs its own name


def link(pattern: Pattern, send: Send) -> Page:
    """Send what the request asks for by one pattern; the routes of all patterns call this."""
    if request.method == "HEAD":  # Flask routes HEAD to a GET view, and this view would send
        raise MethodNotAllowed(["GET", "POST"])
    refuse_unmeant()
    bodies, limit = read_bodies(), QUEUE_LIMIT if pattern.keeps else math.inf
    sent, answer = sender.send(pattern.name, send, bodies, pattern.store.length, limit)
    if log.isEnabledFor(logging.DEBUG):
        more = f" and {sent.count - 1:,} more" if sent.count > 1 else ""
        command = pattern.commands.send[0].lower()
        log.debug("%s %s %s%s", command, pattern.place, printable(bodies[0]), more)
    return tell(pattern, sent, answer)


def tell(pattern: Pattern, sent: Sent, answer: Answer) -> Page:
    """Return the outcome as JSON, or redirect to the front page with the outcome in the query."""
    told = integers(sent.count, answer)
    if wants_json():
        said = {"sentence": outcome(told, pattern.words)}
        return jsonify({"outcome": "sent", **sent.numbers(), **answer.as_json(), **said})
    columns = as_query(read_columns(request.args, pattern.name))
    query = "&".join(f"{key}={value}" for key, value in (told | columns).items())
    return redirect(f"{url_for('front')}?sent={pattern.name}&{query}#{pattern.name}", 303)


def healthz() -> Response:
    """Return 200 while Redis answers and 503 while it does not."""
    health.ping()
    return jsonify(redis="up")


# Every address, and the view that answers there; templates name a view by its function.
ADDRESSES: list[tuple[str, Callable[..., Any], str]] = [
    ("/", front, "GET"),
    ("/style/<page>.css", sheet, "GET"),
    ("/events", live.events, "GET"),
    ("/status", live.status, "GET"),
    ("/reset", live.reset, "POST"),
    ("/empty", live.ask_to_empty, "GET"),
    ("/control/<verb>", control, "POST"),
    ("/compare", matrix, "GET"),
    ("/compare/<scenario>/<pattern>", cell, "GET"),
    ("/healthz", healthz, "GET"),
]
for address, view, method in ADDRESSES + ADDRESSES_OF_JOBS:
    app.add_url_rule(address, view.__name__, view, methods=[method])
for pattern in PATTERNS.values():
    send_view = partial(link, pattern, SENDS[pattern.name])
    app.add_url_rule(f"/{pattern.name}", pattern.name, send_view, methods=["GET", "POST"])


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG, format="%(message)s")
    live.start()
    app.run(HOST, PORT, debug=False)
