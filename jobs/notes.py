"""What is noted of each piece of work in Redis, and told to the pages that watch.

A piece is a list of JSON lines that expires after a day: first the work, then each event. So its
history is read in one step, and what is forgotten stays forgotten (RPUSHX adds to no list that is
gone).
"""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from redis import Redis

from jobs.work import Event, Piece, State, Work, read_work
from messaging.connection import as_bytes, as_texts
from messaging.settings import KEY_PREFIX

PIECE = f"{KEY_PREFIX}jobs:piece:"  # list of lines, with an id added
LATEST = f"{KEY_PREFIX}jobs:latest:"  # list of ids, the newest first, with a way added
EVENTS = f"{KEY_PREFIX}jobs:events"  # channel: the id of each piece to which something happened
KEPT_FOR = 24 * 3600  # seconds
REMEMBERED = 100  # pieces of each way


def note_asked(redis: Redis, work: Work) -> None:
    """Note what was asked for, before anybody can begin with it."""
    with redis.pipeline() as pipeline:
        pipeline.rpush(PIECE + work.id, json.dumps(asdict(work)))
        pipeline.expire(PIECE + work.id, KEPT_FOR)
        pipeline.lpush(LATEST + work.way, work.id)
        pipeline.ltrim(LATEST + work.way, 0, REMEMBERED - 1)
        pipeline.expire(LATEST + work.way, KEPT_FOR)
        pipeline.publish(EVENTS, work.id)
        pipeline.execute()


def note(
    redis: Redis, id_: str, state: State, worker: str = "", outcome: Any = None, why: str = ""
) -> None:
    """Note that something happened to this piece, now."""
    said = asdict(Event(state, time.time(), worker, outcome, why))
    _add(redis, id_, {name: value for name, value in said.items() if value})


def note_answered(redis: Redis, id_: str) -> None:
    """Note that whoever asked for it has an answer."""
    _add(redis, id_, {"answered": time.time()})


def _add(redis: Redis, id_: str, line: dict[str, Any]) -> None:
    with redis.pipeline() as pipeline:
        pipeline.rpushx(PIECE + id_, json.dumps(line))
        pipeline.publish(EVENTS, id_)
        pipeline.execute()


def read(redis: Redis, ids: Iterable[str]) -> list[Piece]:
    """Return those of these pieces that are known, in this order."""
    with redis.pipeline(transaction=False) as pipeline:
        for id_ in ids:
            pipeline.lrange(PIECE + id_, 0, -1)
        return [piece for lines in pipeline.execute() if lines and (piece := _piece(lines))]


def latest(redis: Redis, way: str, most: int = REMEMBERED) -> list[Piece]:
    """Return the pieces that were asked for last, the newest first."""
    ids = redis.lrange(LATEST + way, 0, most - 1)
    return read(redis, as_texts(ids))


def forget(redis: Redis, piece: Piece) -> None:
    with redis.pipeline() as pipeline:
        pipeline.delete(PIECE + piece.work.id)
        pipeline.lrem(LATEST + piece.work.way, 1, piece.work.id)
        pipeline.publish(EVENTS, piece.work.id)
        pipeline.execute()


def _piece(lines: list[bytes]) -> Piece | None:
    """Return what these lines tell; None if another release of ours, or somebody, wrote others."""
    try:
        work, *rest = (json.loads(as_bytes(line)) for line in lines)
        events = [Event(**one | {"state": State(one["state"])}) for one in rest if "state" in one]
        answered = [float(one["answered"]) for one in rest if "answered" in one]
        return Piece(read_work(work), events, *answered[:1])
    except (TypeError, ValueError, RecursionError):
        return None
