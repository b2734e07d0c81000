"""The table of /jobs/inspect: what RQ and Celery have in hand, and who works."""

from dataclasses import asdict
from datetime import UTC, datetime

from flask import Response, jsonify, make_response, render_template

from jobs.inspection import DASHBOARDS, inspect
from jobs.inspection.shape import LISTS
from messaging.connection import connect
from pages.errors import wants_json

redis = connect()


def inspection() -> Response:
    """Show it, after a second where Celery's workers are asked."""
    found = inspect(redis)
    if wants_json():
        return jsonify([asdict(one) for one in found])
    page = render_template(
        "jobs/inspection.html", found=found, lists=LISTS, dashboards=DASHBOARDS, clock=clock
    )
    return make_response(page)


def clock(at: float) -> str:
    """Write the time of day, as of UTC."""
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S} UTC"
