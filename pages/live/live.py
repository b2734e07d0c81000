"""The views of the live page: /events streams changes, /status has the figures, /reset zeroes."""

import threading
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Response, abort, jsonify, redirect, request, url_for
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as Page

from messaging.connection import connect
from messaging.message import Message
from messaging.reporting.reporter import REPORT_INTERVAL, Reporter
from messaging.sending.answers import Answer
from messaging.sending.sender import Unknown
from messaging.settings import LIVE, VIEWER_LIMIT
from pages.errors import RETRY_AFTER, wants_json
from pages.front.columns import as_query, read_columns
from pages.guard import refuse_unmeant
from pages.live.hub import Hub
from pages.live.sends import Sends
from pages.live.viewers import TooManyViewersError, Viewers
from pages.live.wire import Status
from patterns import PATTERNS

SETTLE = 0.25  # second; a page waits so long for the report of the click that led to it


class Live:
    """Live reports what this process sends and shows what all report; with LIVE=0, neither."""

    def __init__(self) -> None:
        self._viewers = Viewers(VIEWER_LIMIT)
        self._hub = Hub(self._viewers)
        self._reporter: Reporter | None = None
        self._starting = threading.Lock()

    def start(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Start the threads, once in each process; they end when `is_over` returns true.

        Threads do not survive a fork, so gunicorn calls this in each worker; under another server
        the first request does.
        """
        if LIVE and not self._reporter:
            with self._starting:
                if not self._reporter:
                    self.sends = Sends(PATTERNS)
                    self._reporter = Reporter(self.sends.reports)
                    self._hub.start(is_over)

    def close(self) -> None:
        """Report what was sent since the last report, and that this process stops."""
        if self._reporter:
            self.sends.tell_all()
            self._reporter.close()

    def on_sent(self, pattern: str, messages: list[Message], answer: Answer | Unknown) -> None:
        """Count a send; the Sender calls this after each one."""
        if self._reporter:
            self.sends.add(pattern, messages, answer)
            self._reporter.changed()

    def status_after_click(self) -> Status | None:
        """Return what the front page shows; after a click or a reset, wait until it is counted."""
        if not LIVE:
            return None
        # Only browsers send this header, so that siege and curl are not kept waiting.
        if request.headers.get("Sec-Fetch-Mode") == "navigate":
            if zeroed := request.args.get("zeroed"):
                self._hub.wait_for_zero(zeroed)
            elif "sent" in request.args:
                self._hub.wait_for_news(SETTLE)  # our own report of it
                self._hub.wait_for_news(
                    self._viewers.interval + REPORT_INTERVAL
                )  # a listener's report
        return self._hub.status()

    def events(self) -> Response:
        """Stream server-sent events: one `snapshot`, then a `change` at each tick."""
        _refuse_unless_live()
        try:
            self._viewers.enter()
        except TooManyViewersError as error:
            raise ServiceUnavailable(str(error), retry_after=RETRY_AFTER) from error
        response = Response(self._viewers.watch(), mimetype="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"  # else nginx would hold events back
        response.call_on_close(self._viewers.leave)
        return response

    def status(self) -> Response:
        """Return the figures as JSON."""
        _refuse_unless_live()
        return jsonify(self._hub.status())

    def reset(self) -> Page:
        """Zero the figures, and also empty the queues where `what` is «queue».

        A request without `what` empties the queues if the figures are zero already. The button
        sends `what`, so that it does what its label says even when the figures change meanwhile.
        """
        _refuse_unless_live()
        refuse_unmeant()
        emptied, what = 0, request.values.get("what")
        if what == "queue" or (what is None and self._hub.status()["zero"]):
            with connect() as redis:
                emptied = sum(pattern.store.empty(redis) for pattern in PATTERNS.values())
        zeroed = self._hub.zero()
        if not zeroed:
            abort(503, "The figures could not be zeroed: Redis does not pass it on.")
        if wants_json():
            return jsonify(outcome="zeroed", emptied=emptied)
        query = {"zeroed": zeroed, **as_query(read_columns(request.args))}
        return redirect(f"{url_for('front')}?{urlencode(query)}", 303)


def _refuse_unless_live() -> None:
    if not LIVE:
        abort(404, "LIVE=0: nothing is reported here.")


live = Live()  # of this process
