"""The sending ends: each link of the front page hands messages over in a way of its own."""

import logging
from functools import cache, partial

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from redis import Redis
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as Answer

from messaging.connection import connect
from messaging.message import printable
from messaging.names import CHANNEL, QUEUE, RELIABLE, STREAM
from messaging.sending import Sender, Sent
from pages.clicks import integers, outcome, read_integers
from pages.columns import as_query, choices, read_columns
from pages.compare import compare
from pages.errors import errors, wants_json
from pages.form import LONGEST_FORM, read_bodies
from pages.guard import guard, refuse_unmeant
from pages.live import Live
from pages.patterns import describe
from pages.settings import HOST, PORT, QUEUE_LIMIT


def prodcons(redis: Redis, lines: list[bytes]) -> int:
    """Push onto the queue; Redis says how long it is then."""
    return redis.lpush(QUEUE, *lines)


def pubsub(redis: Redis, lines: list[bytes]) -> list[int]:
    """Publish on the channel; Redis says to how many listeners it sent each line."""
    with redis.pipeline(transaction=False) as pipeline:  # all lines in one write
        for line in lines:
            pipeline.publish(CHANNEL, line)
        return pipeline.execute()


def reliable(redis: Redis, lines: list[bytes]) -> int:
    """Push onto the queue that is taken from with care; Redis says how long it is then."""
    return redis.lpush(RELIABLE, *lines)


def stream(redis: Redis, lines: list[bytes]) -> int:
    """Add to the stream; Redis says how many messages are in it then."""
    with redis.pipeline() as pipeline:  # all lines or none
        for line in lines:
            pipeline.xadd(STREAM, {"line": line})
        pipeline.xlen(STREAM)
        return int(pipeline.execute()[-1])


PATTERNS = describe(prodcons, pubsub, reliable, stream)

log = logging.getLogger("web")
app = Flask(__name__)
app.debug = False  # whatever FLASK_DEBUG says
app.config["MAX_CONTENT_LENGTH"] = LONGEST_FORM
app.json.sort_keys = False  # type: ignore[attr-defined] # as they were written down
app.register_blueprint(guard)
app.register_blueprint(errors)
app.register_blueprint(compare)
live = Live(PATTERNS)
app.register_blueprint(live.blueprint)
health = connect()


@cache
def sender() -> Sender:
    """This process's only one: made on first use, when the server has forked."""
    return Sender(QUEUE_LIMIT, live.tell())


@app.get("/")
def front() -> str:
    """The front page, with what the last click did: the redirect brings it, as integers."""
    names, clicked = [*PATTERNS], request.args.get("sent", "")
    columns = read_columns(names, request.args)
    noun = PATTERNS[clicked].noun if clicked in PATTERNS else ""
    return render_template(
        "front.html",
        patterns=PATTERNS,
        columns={name: choices(names, columns, side) for side, name in enumerate(columns)},
        shown=as_query(names, columns),
        clicked=clicked,
        outcome=outcome(read_integers(request.args), noun),
        live=live.shown(),
    )


def link(name: str) -> Answer:
    """Send what is asked for in the way of one pattern; every link of the page leads here."""
    if request.method == "HEAD":  # Flask would let it through to here, where it would send
        raise MethodNotAllowed(["GET", "POST"])
    refuse_unmeant()
    pattern, bodies = PATTERNS[name], read_bodies()
    sent = sender().send(name, pattern.send, bodies, pattern.length)
    if log.isEnabledFor(logging.DEBUG):
        more = f" and {sent.count - 1:,} more" if sent.count > 1 else ""
        log.debug("%s %s %s%s", pattern.sends.lower(), pattern.place, printable(bodies[0]), more)
    return answer(name, sent)


def answer(name: str, sent: Sent) -> Answer:
    """What Redis said, as JSON; or to be read on the front page, in a few integers."""
    told = integers(sent)
    if wants_json():
        kind = "subscribers" if isinstance(sent.said, list) else "length"
        said = {kind: sent.said, "sentence": outcome(told, PATTERNS[name].noun)}
        return jsonify({"outcome": "sent", **sent.numbers(), **said})
    names = [*PATTERNS]
    columns = as_query(names, read_columns(names, request.args, name))
    query = "&".join(f"{key}={value}" for key, value in (told | columns).items())
    return redirect(f"{url_for('front')}?sent={name}&{query}#{name}", 303)


for name in PATTERNS:
    app.add_url_rule(f"/{name}", name, partial(link, name), methods=["GET", "POST"])


@app.get("/healthz")
def healthz() -> Response:
    """200 while Redis answers, 503 while it does not."""
    health.ping()
    return jsonify(redis="up")


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG, format="%(message)s")
    live.start()
    app.run(HOST, PORT, debug=False)
