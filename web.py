"""The web server: one function per pattern sends its messages, and the routes call it."""

import logging
import math
import os
from functools import partial

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from redis import Redis
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as Page

from messaging.connection import connect
from messaging.message import printable
from messaging.sending.answers import Answer, Length, Reached, Send, carried_out
from messaging.sending.sender import Sender, Sent
from pages.compare.routes import compare
from pages.errors import errors, wants_json
from pages.form import LONGEST_FORM, read_bodies
from pages.front.clicks import integers, outcome, read_integers
from pages.front.columns import as_query, choices, read_columns
from pages.guard import guard, refuse_unmeant
from pages.live.live import Live
from pages.settings import HOST, PORT, QUEUE_LIMIT
from pages.styles import styles
from patterns import FIRST_TWO, PATTERNS
from patterns.fanout import KEPT_FOR, LISTENERS, LISTS, PUSH
from patterns.groups import STREAM
from patterns.pattern import Pattern
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from patterns.reliable import RELIABLE


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
        return Length(int(pipeline.execute()[-1]))


def fanout(redis: Redis, lines: list[bytes]) -> Reached:
    """Push onto the list of each listener and return how many listeners have one."""
    count, longest = redis.eval(PUSH, 1, LISTENERS, LISTS, KEPT_FOR, *lines)
    return Reached([count] * len(lines), waiting=longest)


FUNCTIONS = (prodcons, pubsub, reliable, stream, fanout)
SENDS: dict[str, Send] = {send.__name__: send for send in FUNCTIONS}

log = logging.getLogger("web")
app = Flask(__name__)
app.debug = False  # FLASK_DEBUG must not switch the debugger on
app.config["MAX_CONTENT_LENGTH"] = LONGEST_FORM
app.json.sort_keys = False  # type: ignore[attr-defined] # fields stay in the order of the code
app.register_blueprint(guard)
app.register_blueprint(errors)
app.register_blueprint(styles)
app.register_blueprint(compare)
live = Live()
app.register_blueprint(live.blueprint)
health = connect()
sender = Sender(live.on_sent)
os.register_at_fork(after_in_child=sender.start_numbering)  # a forked child needs its own name


@app.get("/")
def front() -> str:
    """Render the front page; the query holds the outcome of the last click, as integers."""
    clicked, columns = request.args.get("sent", ""), read_columns(request.args)
    told = read_integers(request.args)
    return render_template(
        "front/front.html",
        patterns=PATTERNS,
        columns={name: choices(columns, side) for side, name in enumerate(columns)},
        shown=as_query(columns),
        clicked=clicked,
        outcome=outcome(told, PATTERNS[clicked].words) if clicked in PATTERNS else "",
        side_by_side=[PATTERNS[name] for name in columns],
        has_guide=sorted(columns) == sorted(FIRST_TWO),
        live=live.shown(),
    )


def link(pattern: Pattern, send: Send) -> Page:
    """Send what the request asks for by one pattern; the routes of all patterns call this."""
    if request.method == "HEAD":  # Flask routes HEAD to a GET view, and this view would send
        raise MethodNotAllowed(["GET", "POST"])
    refuse_unmeant()
    bodies, limit = read_bodies(), QUEUE_LIMIT if pattern.is_bounded else math.inf
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


for pattern in PATTERNS.values():
    view = partial(link, pattern, SENDS[pattern.script])
    app.add_url_rule(f"/{pattern.name}", pattern.name, view, methods=["GET", "POST"])


@app.get("/healthz")
def healthz() -> Response:
    """Return 200 while Redis answers and 503 while it does not."""
    health.ping()
    return jsonify(redis="up")


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG, format="%(message)s")
    live.start()
    app.run(HOST, PORT, debug=False)
