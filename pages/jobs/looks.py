"""This module looks up what a page shows: the pieces of a way, and who could do them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from redis import Redis

from jobs import notes
from jobs.ways.way import AwayError, Way
from jobs.work import Piece, State


@dataclass(frozen=True)
class Look:
    """What is known of one way at one moment, in seconds since the epoch."""

    way: Way
    pieces: Sequence[Piece]  # the newest first
    waiting: int
    workers: Sequence[str]
    at: float
    away: str = ""  # a sentence: what the way hands work to does not answer


def look_at(redis: Redis, way: Way) -> Look:
    """Look at a way; raises RedisError."""
    pieces = way.look_up(redis, notes.latest(redis, way.name))
    # What waits in the memory of several web processes is known only from the notes.
    pending = sum(one.state == State.PENDING for one in pieces)
    try:
        waiting, away = way.waiting(redis) if way.is_kept else pending, ""
    except AwayError as error:
        waiting, away = pending, str(error)
    return Look(way, pieces, waiting, way.workers(redis), time.time(), away)


def no_look(way: Way) -> Look:
    """Return what is known of a way without Redis: nothing."""
    return Look(way, [], 0, [], time.time())
