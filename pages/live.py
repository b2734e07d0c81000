"""The live page's other end: a stream of what changes, the figures as JSON, and the reset."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as Answer

from messaging.connection import connect
from messaging.reporting import LIVE, Reporter
from messaging.sending import Tell
from pages.columns import as_query, read_columns
from pages.emptying import empty
from pages.errors import RETRY_AFTER, wants_json
from pages.guard import refuse_unmeant
from pages.hub import GATHER, Hub
from pages.patterns import Pattern
from pages.sends import Sends
from pages.settings import VIEWER_LIMIT
from pages.viewers import TooManyViewersError, Viewers
from pages.words import quantity

SETTLE = 0.25  # second that a page waits for the click that led to it to be counted


class Live:
    """What one web process reports of itself, and shows of all; with LIVE=0, nothing."""

    def __init__(self, patterns: Mapping[str, Pattern]) -> None:
        self.blueprint = Blueprint("live", __name__)
        self.blueprint.before_app_request(self.start)
        self.blueprint.add_app_template_filter(quantity, "number")
        self.blueprint.add_url_rule("/events", view_func=self.events)
        self.blueprint.add_url_rule("/status", view_func=self.status)
        self.blueprint.add_url_rule("/reset", view_func=self.reset, methods=["POST"])
        self._patterns = patterns
        self._viewers = Viewers(VIEWER_LIMIT)
        self._hub = Hub(patterns, self._viewers)
        self._reporter: Reporter | None = None
        self._starting = threading.Lock()

    def start(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Begin, in the process that serves; `is_over` tells that it is about to end."""
        if LIVE and not self._reporter:
            with self._starting:
                if not self._reporter:
                    self.sends = Sends(self._patterns)
                    self._reporter = Reporter(self.sends.reports)
                    self._hub.start(is_over)

    def close(self) -> None:
        """Report what was sent since the last report, and that nothing more will be."""
        if self._reporter:
            self.sends.tell_all()
            self._reporter.close()

    def tell(self) -> Tell:
        """Whom a Sender tells of what it sent."""
        if not self._reporter:
            return lambda *_: None
        changed, add = self._reporter.changed, self.sends.add

        def tell(*told: Any) -> None:
            add(*told)
            changed()

        return tell

    def shown(self) -> dict[str, Any] | None:
        """What the front page shows as of now, or after the click that led to it."""
        if not LIVE:
            return None
        # siege and curl do not say so, and are not kept waiting.
        if request.headers.get("Sec-Fetch-Mode") == "navigate":
            if zeroed := request.args.get("zeroed"):
                self._hub.wait_for_zero(zeroed)
            elif "sent" in request.args:
                self._hub.wait(SETTLE)  # for what was sent
                self._hub.wait(GATHER * 2)  # and received
        return self._hub.status()

    def events(self) -> Response:
        """What happens, as server-sent events: `snapshot`, then `change` after `change`."""
        _refuse_unless_live()
        try:
            self._viewers.enter()
        except TooManyViewersError as error:
            raise ServiceUnavailable(str(error), retry_after=RETRY_AFTER) from error
        response = Response(self._viewers.watch(self._hub.snapshot), mimetype="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"  # nginx passes it on as it comes
        response.call_on_close(self._viewers.leave)
        return response

    def status(self) -> Response:
        """The figures, as JSON."""
        _refuse_unless_live()
        return jsonify(self._hub.status())

    def reset(self) -> Answer:
        """Zero the figures; asked once more, when they are zero already, empty the queues.

        `what` says which of it a button promised.
        """
        _refuse_unless_live()
        refuse_unmeant()
        emptied, what = 0, request.values.get("what")
        if what == "queue" or (what is None and self._hub.is_zero()):
            with connect() as redis:
                emptied = empty(redis, self._patterns.values())
        zeroed = self._hub.zero()
        if not zeroed:
            abort(503, "The figures could not be zeroed: Redis does not pass it on.")
        if wants_json():
            return jsonify(outcome="zeroed", emptied=emptied)
        names = [*self._patterns]
        columns = as_query(names, read_columns(names, request.args))
        return redirect(url_for("front", zeroed=zeroed, **columns), 303)


def _refuse_unless_live() -> None:
    if not LIVE:
        abort(404, "LIVE=0: nothing is reported here.")
