"""Switches periodic pieces of work on and off: POST /jobs/periodic/<name>?on=1"""

from flask import Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as Page

from jobs.periodic import PERIODIC, switch, switched
from messaging.connection import connect
from pages.errors import wants_json
from pages.guard import refuse_unmeant
from pages.jobs.columns import address_of, read_shown

redis = connect()


def periodic(name: str) -> Page | Response:
    """Switch one on or off, and go back to the page."""
    refuse_unmeant()
    if name not in PERIODIC:
        abort(404, f"There is no periodic piece «{name}», only {', '.join(PERIODIC)}.")
    on = request.args.get("on")
    if on not in ("0", "1"):
        abort(400, "on is 1 or 0.")
    switch(redis, name, on == "1")
    if wants_json():
        return jsonify(switched(redis))
    return redirect(address_of(read_shown(request.args), "periodic"), 303)
