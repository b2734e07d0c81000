"""The views of work: two ways side by side, a page for each piece, and the streams of both."""

from typing import Any

from flask import (
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from redis import RedisError
from werkzeug.wrappers import Response as Page

from jobs import asking, notes
from jobs.arguments import parameters
from jobs.periodic import PERIODIC, switched
from jobs.tasks import TASKS
from jobs.ways import MISSING, NAMES, WAYS
from jobs.work import Piece, State
from messaging.connection import explain
from messaging.settings import LIVE
from pages.errors import wants_json
from pages.guard import refuse_unmeant
from pages.jobs import history
from pages.jobs.asking import redis
from pages.jobs.columns import Shown, address_of, read_shown
from pages.jobs.commands import by_curl
from pages.jobs.drawing import MAILING, draw_columns, draw_nothing, draw_piece
from pages.jobs.hub import Hub
from pages.live.views import live

OTHERWISE = "The page shows the same each time it is loaded."
REFRESH = 2  # seconds between two looks without a script

hub = Hub(lambda: live.is_over())  # of this process


def jobs_page() -> str:
    """Show two ways beside each other, with a form for the task that was chosen."""
    shown, why, is_on = read_shown(request.args), "", {}
    try:
        if any(WAYS[name].has_clock for name in shown.ways):
            is_on = switched(redis)
        parts = draw_columns(redis, shown.ways, shown.task == MAILING)
    except RedisError as error:
        parts, why = draw_nothing(shown.ways), explain(error)
    return render_template(
        "jobs/jobs.html",
        shown=shown,
        columns={side: WAYS[getattr(shown, side)] for side in ("left", "right")},
        choices={side: _choices(shown, side) for side in ("left", "right")},
        tasks={name: Shown(*shown.ways, name).query for name in TASKS},
        task_says=_first_sentence(shown.task),
        fields=parameters(shown.task),
        can_wait=any(WAYS[name].can_wait for name in shown.ways),
        ways=WAYS,
        missing=MISSING,
        curl=by_curl(request.host, shown.left, shown.task),
        periodic=PERIODIC,
        is_on=is_on,
        parts=parts,
        why=why,
        is_live=LIVE,
    )


def jobs_events() -> Response:
    """Stream the parts of a page of two ways whenever they change."""
    shown = read_shown(request.args)
    return live.stream(hub.watch((shown.left, shown.right, shown.task)), OTHERWISE)


def piece(id_: str) -> Response:
    """Show what is known of a piece."""
    found = _find(id_)
    if wants_json():
        return jsonify(_as_json(found))
    page = render_template(
        "jobs/piece.html",
        piece=found,
        way=WAYS.get(found.work.way),
        shown=read_shown({"left": found.work.way, "task": found.work.task}),
        parts=draw_piece(redis, id_),
        refresh=0 if found.state.is_final else REFRESH,
        is_live=LIVE,
    )
    return make_response(page)


def piece_events(id_: str) -> Response:
    """Stream the parts of a piece's page whenever they change."""
    _find(id_)
    return live.stream(hub.watch((id_,)), OTHERWISE)


def delete_piece(id_: str) -> Page:
    """Forget a piece, for programs."""
    refuse_unmeant()
    notes.forget(redis, _find(id_))
    return Response(status=204)


def forget(what: str) -> Page:
    """Forget a piece, or all pieces of a way that are over; lead back to the page."""
    refuse_unmeant()
    shown = read_shown(request.args)
    if what in WAYS:
        for one in WAYS[what].look_up(redis, notes.latest(redis, what)):
            if one.state.is_final:
                notes.forget(redis, one)
    elif what not in MISSING:  # whose library is not installed, so nothing of it is known
        found = _find(what)
        notes.forget(redis, found)
        shown = read_shown({"left": found.work.way, "task": found.work.task})
    if wants_json():
        return jsonify(sentence="Forgotten.")
    return redirect(address_of(shown), 303)


def _find(id_: str) -> Piece:
    found = asking.look_up(redis, id_)
    if not found:
        abort(404, "Nobody knows a piece of this id: it never was, was forgotten, or is a day old.")
    return found


def _as_json(piece: Piece) -> dict[str, Any]:
    begun = next((one.at for one in piece.events if one.worker), None)
    last, is_known = piece.last, piece.state in (State.SUCCESS, State.FAILURE)
    return {
        "id": piece.work.id,
        "way": piece.work.way,
        "task": piece.work.task,
        "arguments": history.arguments(piece),
        "state": piece.state,
        "outcome": history.outcome(piece),
        "why": history.why(piece, last),
        "asked": piece.work.asked,
        "due": piece.work.due or None,
        "answered": piece.answered or None,
        "started": begun,
        "ended": last.at if is_known else None,
        "worker": last.worker,
        "tries": history.tries(piece),
    }


def _choices(shown: Shown, side: str) -> list[tuple[str, dict[str, str] | None]]:
    """Return each way with the query that shows it on this side; None where it is missing."""
    return [(name, None if name in MISSING else shown.with_way(side, name).query) for name in NAMES]


def _first_sentence(task: str) -> str:
    return (TASKS[task].__doc__ or "").partition("\n\n")[0]
