"""The live page's other end: a stream of what changes, the figures as JSON, and the reset."""

import threading
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Response, abort, jsonify, redirect, request, url_for
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as Page

from messaging.connection import connect
from messaging.message import Message
from messaging.reporting.reporter import Reporter
from messaging.sending.answers import Answer
from messaging.sending.sender import Unknown
from messaging.settings import LIVE
from pages.errors import RETRY_AFTER, wants_json
from pages.front.columns import as_query, read_columns
from pages.guard import refuse_unmeant
from pages.live.hub import Hub
from pages.live.schedule import GATHER
from pages.live.sends import Sends
from pages.live.told import Status
from pages.live.viewers import TooManyViewersError, Viewers
from pages.settings import VIEWER_LIMIT
from patterns import PATTERNS

SETTLE = 0.25  # second that a page waits for the click that led to it to be counted


class Live:
    """What one web process reports of itself, and shows of all; with LIVE=0, nothing."""

    def __init__(self) -> None:
        self._viewers = Viewers(VIEWER_LIMIT)
        self._hub = Hub(self._viewers)
        self._reporter: Reporter | None = None
        self._starting = threading.Lock()

    def start(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Begin, in the process that serves; `is_over` tells that it is about to end."""
        if LIVE and not self._reporter:
            with self._starting:
                if not self._reporter:
                    self.sends = Sends(PATTERNS)
                    self._reporter = Reporter(self.sends.reports)
                    self._hub.start(is_over)

    def close(self) -> None:
        """Report what was sent since the last report, and that nothing more will be."""
        if self._reporter:
            self.sends.tell_all()
            self._reporter.close()

    def on_sent(self, pattern: str, messages: list[Message], answer: Answer | Unknown) -> None:
        """A Sender calls this after each send."""
        if self._reporter:
            self.sends.add(pattern, messages, answer)
            self._reporter.changed()

    def shown(self) -> Status | None:
        """What the front page shows as of now, or after the click that led to it."""
        if not LIVE:
            return None
        # siege and curl do not say so, and are not kept waiting.
        if request.headers.get("Sec-Fetch-Mode") == "navigate":
            if zeroed := request.args.get("zeroed"):
                self._hub.wait_for_zero(zeroed)
            elif "sent" in request.args:
                self._hub.wait_for_news(SETTLE)  # that it was sent
                self._hub.wait_for_news(self._viewers.interval + GATHER)  # and received
        return self._hub.status()

    def events(self) -> Response:
        """What happens, as server-sent events: `snapshot`, then `change` after `change`."""
        _refuse_unless_live()
        try:
            self._viewers.enter()
        except TooManyViewersError as error:
            raise ServiceUnavailable(str(error), retry_after=RETRY_AFTER) from error
        response = Response(self._viewers.watch(), mimetype="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"  # nginx passes it on as it comes
        response.call_on_close(self._viewers.leave)
        return response

    def status(self) -> Response:
        """The figures, as JSON."""
        _refuse_unless_live()
        return jsonify(self._hub.status())

    def reset(self) -> Page:
        """Zero the figures; asked once more, when they are zero already, empty the queues.

        `what` says which of it a button promised.
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
