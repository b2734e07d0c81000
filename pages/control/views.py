"""The view that hands a command to the demo which started this web, and says what came of it."""

from hmac import compare_digest

from flask import abort, jsonify, render_template
from werkzeug.wrappers import Response

from controls import wire
from controls.verbs import VERBS, BadCommandError, check
from controls.wire import ANSWERED_WITHIN, Command
from messaging.connection import REPLY_WITHIN, connect
from pages.control.offer import OFFERED, WHY_NOT
from pages.errors import wants_json
from pages.form import read_fields, whole_number
from pages.guard import refuse_unmeant

AWAY = "The demo that has started this web does not answer."


def control(verb: str) -> Response | str:
    """Ask the demo for a verb; where it is not done, answer 400, 403, 404, 409 or 503."""
    if not OFFERED:
        abort(404, WHY_NOT)
    refuse_unmeant()
    fields = read_fields("secret", "target", *VERBS[verb].options if verb in VERBS else ())
    if not compare_digest(fields.pop("secret", "").encode(), OFFERED.encode()):
        abort(403, "The secret is not that of this demo: load the page again.")
    answer = _ask(_read_command(verb, fields))
    if not answer.is_done:
        abort(409, answer.said)
    if wants_json():
        return jsonify(outcome="done", sentence=answer.said)
    return render_template("error.html", title="Done", sentence=answer.said)


def _read_command(verb: str, fields: dict[str, str]) -> Command:
    target = fields.pop("target", "")
    options = {}
    for name, text in fields.items():
        if (number := whole_number(text)) is None:
            abort(400, f"{name} is a number, in digits from 0 to 9.")
        options[name] = number
    try:
        check(verb, target, options)
    except BadCommandError as error:
        abort(400, str(error))
    return Command(verb, target, options, OFFERED)


def _ask(command: Command) -> wire.Answer:
    with connect(ANSWERED_WITHIN + REPLY_WITHIN) as redis:
        if wire.look(redis, OFFERED) is None:
            abort(503, AWAY)
        if (answer := wire.ask(redis, command)) is None:
            abort(503, f"{AWAY} Whether it was done, nobody knows.")
        return answer
