"""The views of the live figures: /events streams changes, /status has the figures, /reset."""

import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from redis.exceptions import ResponseError
from werkzeug.wrappers import Response as Page

from messaging.connection import connect, explain
from messaging.message import Message
from messaging.reporting.reporter import REPORT_INTERVAL, Reporter
from messaging.sending.sender import Outcome
from messaging.settings import LIVE, VIEWER_LIMIT
from pages.errors import RETRY_AFTER, wants_json
from pages.form import whole_number
from pages.front.columns import as_query, read_columns
from pages.guard import refuse_unmeant
from pages.live.feed import Feed
from pages.live.hub import Hub
from pages.live.records import Emptied, empty_all, reset_figures
from pages.live.web_reports import WebReports
from pages.live.wire import Status
from pages.words import number
from patterns import PATTERNS

REPORTED = 0.25  # second; a page waits so long for the report of the click that led to it
RESET_WITHIN = 1.0  # second that a reset waits to come back from Redis


class Live:
    """Live reports what this process sends and shows what all report; with LIVE=0, neither.

    Any thread may call it: the feed and the reporter guard what they share.
    """

    def __init__(self) -> None:
        self._feed = Feed(VIEWER_LIMIT)
        self._hub = Hub(self._feed)
        self._reporter: Reporter | None = None
        self.is_over: Callable[[], bool] = lambda: False  # whether this process is to end
        self._starting = threading.Lock()

    def start(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Start the threads, once in each process; they end when `is_over` returns true.

        Threads do not survive a fork, so gunicorn calls this in each worker; under another server
        the first request does.
        """
        if LIVE and not self._reporter:  # every request asks, so it takes no lock
            with self._starting:
                if not self._reporter:
                    self._reports = WebReports(PATTERNS)
                    self._reporter = Reporter(self._reports.describe, self._feed.refused)
                    self.is_over = is_over
                    self._hub.start(is_over)

    def close(self) -> None:
        """Report what was sent since the last report, and that this process stops."""
        if self._reporter:
            self._reporter.close()

    def on_sent(self, pattern: str, messages: list[Message], answer: Outcome) -> None:
        """Count a send; the Sender calls this after each one."""
        if self._reporter:
            self._reports.on_sent(pattern, messages, answer)
            self._reporter.changed()

    def status_after_click(self) -> Status | None:
        """Return what the front page shows; after a click or a reset, wait until it is counted."""
        if not LIVE:
            return None
        # Only browsers send this header, so that siege and curl are not kept waiting.
        if request.headers.get("Sec-Fetch-Mode") == "navigate":
            if reset_at := whole_number(request.args.get("reset", "")):
                self._feed.wait_for_reset(reset_at, RESET_WITHIN)
            elif "sent" in request.args:
                self._feed.wait_for_moves(REPORTED)  # our own report of it
                self._feed.wait_for_moves(self._feed.interval + REPORT_INTERVAL)  # a listener's
        return self._feed.status()

    def events(self) -> Response:
        """Stream server-sent events: one `snapshot`, then a `change` at each tick."""
        return self.stream(self._feed.watch(), "The figures are also at /status.")

    def stream(self, chunks: Iterator[bytes], otherwise: str) -> Response:
        """Stream these; where too many watch already, say what one may do otherwise."""
        _refuse_unless_live()
        if not self._feed.enter():
            full = f"{VIEWER_LIMIT:,} are watching through this web process, and that is the limit."
            abort(503, f"{full} {otherwise}", retry_after=RETRY_AFTER)
        response = Response(chunks, mimetype="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"  # else nginx would hold events back
        response.call_on_close(self._feed.leave)
        return response

    def status(self) -> Response:
        """Return the figures as JSON."""
        _refuse_unless_live()
        return jsonify(self._feed.status())

    def ask_to_empty(self) -> str:
        """Ask whether what waits is to be deleted; with a script, the front page itself asks."""
        _refuse_unless_live()
        kept, count = {}, 0
        for name, told in self._feed.status()["patterns"].items():
            waiting, dead = told.get("waiting", 0), told.get("dead_letters", 0)
            parts = [f"{waiting:,} waiting"] * bool(waiting) + [number(dead, "dead letter")] * bool(
                dead
            )
            if parts:
                kept[PATTERNS[name].words.title] = ", ".join(parts)
            count += waiting + dead
        query = as_query(read_columns(request.args))
        back = f"{url_for('front')}?{urlencode(query)}"
        return render_template(
            "live/ask.html", kept=kept, count=count, column_query=query, back=back
        )

    def reset(self) -> Page:
        """Reset the figures, and also empty the queues where `what` is «queue».

        A request without `what` empties the queues if the figures are zero already: programs may
        rely on that. The buttons of the page say `what`.
        """
        _refuse_unless_live()
        refuse_unmeant()
        what, outcome = request.values.get("what"), Emptied()
        with connect() as redis:
            if what == "queue" or (what is None and self._feed.status()["zero"]):
                outcome = empty_all(redis)
            try:
                reset_at = reset_figures(redis)
            except ResponseError as error:
                outcome.refused.append(f"The figures were not zeroed. {explain(error)}")
        if outcome.refused:
            abort(503, f"{number(outcome.count, 'message')} deleted. {' '.join(outcome.refused)}")
        if not self._feed.wait_for_reset(reset_at, RESET_WITHIN):
            abort(503, "The figures could not be zeroed: Redis does not pass it on.")
        if wants_json():
            return jsonify(outcome="zeroed", emptied=outcome.count)
        query = {"reset": reset_at, **as_query(read_columns(request.args))}
        return redirect(f"{url_for('front')}?{urlencode(query)}", 303)


def _refuse_unless_live() -> None:
    if not LIVE:
        abort(404, "LIVE=0: nothing is reported here.")


live = Live()  # of this process
