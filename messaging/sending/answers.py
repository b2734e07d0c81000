"""The answer of Redis to a send: the length of a queue, or how many listeners it reached."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ResponseError


@dataclass(frozen=True, slots=True)
class Length:
    """How many messages the queue or stream held right after the send."""

    waiting: int

    def as_json(self) -> dict[str, object]:
        return {"length": self.waiting}


@dataclass(frozen=True, slots=True)
class Reached:
    """How many listeners each line reached, in the order of the lines.

    `waiting` is the length of the longest of their lists; it is 0 for a channel, which has none.
    """

    listeners: list[int]
    waiting: int = 0

    def as_json(self) -> dict[str, object]:
        return {"subscribers": self.listeners}


Answer = Length | Reached
# A sending function: it sends lines to Redis. Raises RedisError or its subclass PartlyRefusedError.
Send = Callable[[Redis, list[bytes]], Answer]


class PartlyRefusedError(ResponseError):
    """Redis carried out some commands of a pipeline and refused others."""


def carried_out(replies: list[Any]) -> list[Any]:
    """Return the replies of a pipeline that was executed with raise_on_error=False.

    Raises the first error if Redis refused every command, and PartlyRefusedError if it refused
    some, so that no caller takes the send for refused.
    """
    errors = [reply for reply in replies if isinstance(reply, Exception)]
    if not errors:
        return replies
    if len(errors) < len(replies):
        raise PartlyRefusedError(str(errors[0])) from errors[0]
    raise errors[0]


def in_one_step(transaction: Pipeline) -> list[Any]:
    """Execute a pipeline of MULTI and EXEC, and return its replies.

    Raises as `carried_out` does. Where a user may not use MULTI, Redis carries out each command by
    itself and then refuses EXEC; that counts as refused in part.
    """
    try:
        return carried_out(transaction.execute(raise_on_error=False))
    except ResponseError as error:
        if "EXEC without MULTI" in str(error):
            raise PartlyRefusedError(str(error)) from error
        raise
