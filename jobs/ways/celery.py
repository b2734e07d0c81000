"""Celery: tasks over a broker, with workers, results, retries and a clock of its own.

A task that was in hand when its worker was killed is lost: by default it is acknowledged before it
is done. When only a child of prefork is killed, Celery notices at once and says FAILURE; when only
the worker is killed, its children end with it. What a killed worker had reserved, or held back for
later, comes back: over RabbitMQ at once, over Redis after an hour (visibility_timeout).
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from amqp.exceptions import AMQPError, NotFound
from celery.result import denied_join_result
from kombu.exceptions import KombuError
from redis import Redis, RedisError

from jobs.broker import IS_REDIS, PLACE
from jobs.celery_app import IN_TIME, QUEUE, app, do_work
from jobs.presence import workers
from jobs.ways.way import AwayError, Way
from jobs.work import Event, Piece, State, Work

AWAY = (KombuError, AMQPError, RedisError, OSError)
ENDS = (State.SUCCESS, State.FAILURE)


class Celery(Way):
    name = "celery"
    title = "Celery"
    who = "Celery's workers take tasks from a broker: Redis, or RabbitMQ."
    lacks = (
        "Many options. By default, what a killed worker had in hand is lost, and what it had "
        "reserved comes back after an hour over Redis, at once over RabbitMQ."
    )
    can_wait = True
    has_clock = True
    when_gone = (
        "The worker that had it in hand is gone. Celery does not do it again: it was acknowledged "
        "before it was done."
    )

    def start(self, redis: Redis, work: Work) -> None:
        countdown = work.due - work.asked if work.due else None
        try:
            # Nobody waits here for the result, so this process need not subscribe to each.
            with denied_join_result():
                do_work.apply_async(
                    (asdict(work),), task_id=work.id, countdown=countdown, retry_policy=IN_TIME
                )
        except AWAY as error:
            raise AwayError(why_away(error)) from error

    def waiting(self, redis: Redis) -> int:
        """How many tasks are in the queue; those that a worker has reserved are no longer there."""
        try:
            with app.pool.acquire(block=True) as connection:
                if IS_REDIS:  # where declaring a queue changes nothing
                    return int(connection.default_channel.queue_declare(QUEUE).message_count)
                try:
                    return _length(connection)
                except (AMQPError, ConnectionError):  # RabbitMQ closes what was long idle
                    return _length(connection)
        except AWAY as error:
            raise AwayError(why_away(error)) from error

    def workers(self, redis: Redis) -> list[str]:
        return workers(redis, "celery")

    def look_up(self, redis: Redis, pieces: Iterable[Piece]) -> list[Piece]:
        """Add what Celery alone knows: that a task ended without a word of its own."""
        pieces = list(pieces)
        keys = {
            one.work.id: app.backend.get_key_for_task(one.work.id)
            for one in pieces
            if not one.state.is_final
        }
        values = redis.mget(keys.values()) if keys else []
        results = {
            id_: app.backend.decode_result(value)
            for id_, value in zip(keys, values, strict=True)
            if value
        }
        found = [_with_result(one, results) for one in pieces]
        # One that nobody has begun, or that is to be tried again, is in nobody's hand.
        in_hand = [one for one in found if one.state is State.STARTED]
        known = {one.work.id: one for one in super().look_up(redis, in_hand)}
        return [known.get(one.work.id, one) for one in found]


def _length(connection: Any) -> int:
    """Ask RabbitMQ how long the queue is; 0 while there is none."""
    connection.ensure_connection(**IN_TIME)
    with connection.channel() as channel, suppress(NotFound):
        return int(channel.queue_declare(QUEUE, passive=True).message_count)
    return 0


def _with_result(piece: Piece, results: dict[str, dict[str, Any]]) -> Piece:
    result = results.get(piece.work.id)
    if not result or result["status"] not in ENDS:
        return piece
    at = datetime.fromisoformat(result["date_done"]).replace(tzinfo=UTC).timestamp()
    if result["status"] == State.SUCCESS:
        return piece.with_event(Event(State.SUCCESS, at, piece.last.worker, result["result"]))
    return piece.with_event(Event(State.FAILURE, at, piece.last.worker, why=str(result["result"])))


def why_away(error: Exception) -> str:
    """Return a sentence on an error of AWAY."""
    cause = error.__cause__ or error
    reason = getattr(cause, "strerror", None) or str(cause)
    return f"Celery's broker at {PLACE} is away: {reason.rstrip('.').lower()}."
