"""What Redis answers to a send: the length of a queue, or how many listeners it reached."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError


@dataclass(frozen=True, slots=True)
class Length:
    """The number of messages that the queue or stream held right after the send."""

    waiting: int

    def as_json(self) -> dict[str, object]:
        return {"length": self.waiting}


@dataclass(frozen=True, slots=True)
class Reached:
    """How many listeners Redis handed each line to, in the order of the lines.

    `waiting`: the most messages that now wait for one of these listeners; 0 where none ever does.
    """

    listeners: list[int]
    waiting: int = 0

    def as_json(self) -> dict[str, object]:
        return {"subscribers": self.listeners}


Answer = Length | Reached
# A sending function: it hands lines to Redis. Raises RedisError, or PartlyRefusedError.
Send = Callable[[Redis, list[bytes]], Answer]


class PartlyRefusedError(ResponseError):
    """Redis carried out some commands of a pipeline and refused others."""


def carried_out(replies: list[Any]) -> list[Any]:
    """The replies of a pipeline that was executed with raise_on_error=False.

    Raises the first error where Redis refused every command, and PartlyRefusedError where it
    refused only some: then nobody may say that nothing was sent.
    """
    errors = [reply for reply in replies if isinstance(reply, Exception)]
    if not errors:
        return replies
    if len(errors) < len(replies):
        raise PartlyRefusedError(str(errors[0])) from errors[0]
    raise errors[0]
