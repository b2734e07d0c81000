"""The form /jobs/code asks for a code by SMS, which a worker sends, and checks it.

Phone number and code are only ever in the body of a POST: addresses end up in logs and histories.
"""

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from jobs import asking
from jobs.arguments import ArgumentsError
from jobs.codes import CODE, Verdict, check
from jobs.tasks import PHONE
from jobs.ways.way import Refusal, TooSoonError
from messaging.connection import connect
from pages.errors import wants_json
from pages.guard import refuse_unmeant

code = Blueprint("code", __name__, url_prefix="/jobs/code")
redis = connect()
FORM = "application/x-www-form-urlencoded"


@code.get("")
def ask_for_code() -> Response:
    """Show the form in which one asks for a code."""
    return _page(200)


@code.post("")
def send_code() -> Response:
    """Have a code sent, unless one was within a minute."""
    phone = _field("phone")
    try:
        asking.ask(redis, asking.way_outside(redis), "sms_code", {"phone": phone})
    except ArgumentsError as error:
        return _page(400, str(error), "refused")
    except TooSoonError as error:
        response = _page(429, str(error), "asked again", phone)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except Refusal as error:
        abort(503, str(error), retry_after=error.retry_after)
    return _page(202, f"A code is on its way to {phone}.", "asked", phone)


@code.post("/check")
def check_code() -> Response:
    """Check a code, and say what it is: right, wrong, expired, used or tried too often."""
    phone, given = _field("phone"), _field("code").strip()
    for name, kind, value in (("phone", PHONE, phone), ("code", CODE, given)):
        try:
            kind.read(value)
        except ValueError:
            return _page(
                400, f"{name}: {kind.words()}.", "refused", phone if name == "code" else ""
            )
    answer = check(redis, phone, given)
    verdict = answer.verdict.name.lower().replace("_", " ")
    again = phone if answer.verdict is Verdict.WRONG else ""
    return _page(answer.status, answer.sentence, verdict, again)


def _field(name: str) -> str:
    """Return a field of the form; abort with 400 or 415."""
    if request.mimetype != FORM:
        abort(415, f"A form has the type {FORM}.")
    refuse_unmeant()
    values = request.form.getlist(name)
    if len(values) != 1:
        abort(400, f"The form gives {name} once.")
    return values[0]


def _page(status: int, sentence: str = "", outcome: str = "", phone: str = "") -> Response:
    """Answer with the form; where a code is expected, with the field for it."""
    if wants_json():
        return make_response(jsonify(outcome=outcome, sentence=sentence), status)
    page = render_template(
        "jobs/code.html",
        sentence=sentence,
        is_right=outcome == "right",
        phone=phone,
        of_phone=PHONE.attributes(),
        of_code=CODE.attributes(),
    )
    return make_response(page, status)
