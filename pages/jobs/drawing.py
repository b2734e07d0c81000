"""This module draws the parts of a page that change, as HTML by the id of the element they fill.

It is done within the app, but outside of any request: a hub draws them once for all who watch.
"""

import time
from collections.abc import Sequence
from contextlib import suppress

from flask import get_template_attribute
from redis import Redis, RedisError

from jobs import asking, notes
from jobs.inbox import inbox
from jobs.ways import WAYS
from jobs.work import Event, Piece, State
from pages.jobs import bars, history
from pages.jobs.cards import MOST, cards
from pages.jobs.commands import commands, one_more
from pages.jobs.experiments import experiments
from pages.jobs.figures import figures
from pages.jobs.looks import Look, look_at, no_look
from pages.jobs.sentences import asked_lately, said_of

SHOWN = 12  # pieces of a column
MAILS = 8  # of the inbox
MAILING = "notice"  # the task beside which the inbox is shown
ASKED = 40  # pieces of a way among which experiments are looked for

Parts = dict[str, str]


def draw_columns(redis: Redis, names: Sequence[str], has_inbox: bool = False) -> Parts:
    """Draw two ways, the experiments, and the inbox if it is shown; raises RedisError."""
    looks = [look_at(redis, WAYS[name]) for name in names]
    known = {look.way.name: look.pieces for look in looks}
    others = (way for name, way in WAYS.items() if name not in known)
    for one in others:
        with suppress(RedisError):  # our user may not do what a library needs
            known[one.name] = one.look_up(redis, notes.latest(redis, one.name, ASKED))
    ticks = _macro("experiments")(experiments(known), commands(looks))
    mails = {"inbox": _macro("inbox")(inbox(redis)[:MAILS])} if has_inbox else {}
    return _columns(looks) | {"experiments": ticks} | mails


def draw_nothing(names: Sequence[str]) -> Parts:
    """Draw two ways of which nothing is known, because Redis is away."""
    looks = [no_look(WAYS[name]) for name in names]
    return _columns(looks) | {
        "experiments": _macro("experiments")(experiments({}), commands(looks))
    }


def draw_piece(redis: Redis, id_: str) -> Parts:
    """Draw all that is known of a piece; raises RedisError."""
    piece, now = asking.look_up(redis, id_), time.time()
    if not piece:
        return {"piece": _macro("forgotten")()}
    scale = bars.scale_of([piece], now)
    return {"piece": _macro("piece")(_row(piece, scale, now), scale, bars.full(scale))}


def _columns(looks: Sequence[Look]) -> Parts:
    now = looks[0].at
    shown = [look.pieces[:SHOWN] for look in looks]
    scale = bars.scale_of([one for pieces in shown for one in pieces], now)
    parts: Parts = {}
    for side, look, pieces in zip(("left", "right"), looks, shown, strict=True):
        rows = [_row(one, scale, now) for one in pieces]
        found = cards(look)
        more = max(0, len(found) - MOST)
        parts[f"{side}-say"] = _macro("say")(*said_of(asked_lately(look.pieces), look.at))
        parts[f"{side}-work"] = _macro("work")(rows, scale, bars.full(scale))
        parts[f"{side}-figures"] = _macro("figures")(figures(look))
        command = one_more(look.way.name)
        parts[f"{side}-workers"] = _macro("workers")(found[:MOST], more, command, look.away)
    return parts


def _row(piece: Piece, scale: float, now: float) -> dict[str, object]:
    """Return what a template shows of a piece."""
    return {
        "id": piece.work.id,
        "way": piece.work.way,
        "call": history.call(piece),
        "arguments": history.arguments(piece),
        "state": piece.state.value,
        "plain": history.plain(piece, now),
        "is_final": piece.state.is_final,
        "result": history.result(piece),
        "took": _when(piece, piece.last) if piece.state.is_final else "",
        "sentence": history.sentence(piece, now),
        "bar": bars.bar_of(piece, scale, now),
        "events": [
            {
                "state": one.state.value,
                "after": _when(piece, one),
                "worker": one.worker,
                "why": history.why(piece, one),
            }
            for one in piece.events
        ],
        "waited": "" if (waited := history.waited(piece)) is None else history.duration(waited),
    }


def _when(piece: Piece, event: Event) -> str:
    """Say after how long something happened; of what is unknown nobody knows that either."""
    is_unknown = event.state == State.UNKNOWN
    return "" if is_unknown else history.duration(history.after(piece, event))


def _macro(name: str):  # type: ignore[no-untyped-def]
    return get_template_attribute("jobs/parts.html", name)
