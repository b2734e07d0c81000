"""A list in Redis, by hand: pushed here, popped by jobs/worker.py, which notes the outcome."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict

from redis import Redis

from jobs.presence import workers
from jobs.ways.way import Way
from jobs.work import Event, Piece, State, Work
from messaging.settings import KEY_PREFIX

QUEUE = f"{KEY_PREFIX}jobs:list"  # list of JSON lines, the newest first
NOT_THERE = "It is not on the list any more, and nobody noted that he began: who took it died."
BEGUN_WITHIN = 5.0  # seconds after it was asked for, once the list is empty


class List(Way):
    name = "list"
    title = "A list in Redis"
    who = "The web pushes; a worker pops, works, and notes the outcome."
    lacks = (
        "What a killed worker had in hand is lost; nothing is tried again, nothing can be later."
    )
    when_gone = "The worker that had it in hand is gone. Nobody does it again."

    def start(self, redis: Redis, work: Work) -> None:
        redis.lpush(QUEUE, json.dumps(asdict(work)))

    def waiting(self, redis: Redis) -> int:
        return int(redis.llen(QUEUE))

    def look_up(self, redis: Redis, pieces: Iterable[Piece]) -> list[Piece]:
        is_empty = not self.waiting(redis)
        found = super().look_up(redis, pieces)
        return [_with_loss(one) if is_empty else one for one in found]

    def workers(self, redis: Redis) -> list[str]:
        return workers(redis, "worker")


def _with_loss(piece: Piece) -> Piece:
    """The list is empty: a piece with which nobody began for a while is lost."""
    is_late = time.time() > piece.work.asked + BEGUN_WITHIN
    if piece.state is not State.PENDING or not is_late:
        return piece
    return piece.with_event(Event(State.UNKNOWN, piece.work.asked, why=NOT_THERE))
