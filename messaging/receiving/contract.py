"""The contract between the `receive` function of a pattern and the loop that runs it.

`receive` is a generator function in listeners/:

    receive(redis, consumer, **options) -> Iterator[Ready | Batch | LeftBehind]

It takes messages from Redis and yields them. These are its duties:

- It yields `Ready` when this consumer gets whatever is sent from then on, and again whenever it
  has reconnected by itself.
- It yields a `Batch` of the lines that it took together; so far each pattern takes one at a time.
- When it is resumed after a `Batch`, every line was handled, or counted as malformed, and told to
  every observer. A pattern that acknowledges does so at that point, for all lines, not earlier.
- It moves the lines of a `Batch` that `is_dead_letter` to its dead letters before it yields them.
  The loop does not handle them; it only tells that they were put aside.
- It checks `consumer.stopping` at least once a second (`connection.BLOCK`). When that is set, it
  yields the lines that it has taken and returns. What it can neither yield in time nor give back
  to Redis it yields as `LeftBehind`.
- It raises RedisError whenever Redis fails. The loop then waits and calls `receive` again with the
  same consumer; a pattern that acknowledges then first yields what this consumer has pending.

One thread resumes the generator after each item, and abandons it only when the process ends.
"""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from redis import Redis

from messaging.receiving.stopping import Stopping

TRIES = 3  # deliveries without an acknowledgement, after which a message is a dead letter


@dataclass(frozen=True, slots=True)
class Ready:
    """The consumer gets what is sent from now on; `waiting` messages were there before."""

    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines that were taken together; `deaths` consumers have died while they handled them."""

    lines: list[bytes]
    deaths: int = 0

    @property
    def is_dead_letter(self) -> bool:
        """Whether `receive` puts them aside, and the loop is not to handle them."""
        return self.deaths >= TRIES


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Messages that Redis sent to this consumer, which it neither handled nor gave back."""

    count: int
    are_all: bool = True  # False: Redis may have sent more, which nobody counted


Item = Ready | Batch | LeftBehind


def new_id() -> str:
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


@dataclass
class Consumer:
    """The consumer that `receive` works for; it stays the same over reconnects."""

    stopping: Stopping = field(default_factory=Stopping)  # set when it is asked to stop
    id: str = field(default_factory=new_id)  # no other process ever has it
    name: str = field(default_factory=new_id)  # its --name, which it has again after a restart


# A receiving end, as described above; it may have options of its own, by keyword.
Receive = Callable[[Redis, Consumer], Iterator[Item]]


class Listened(Protocol):
    """The fields of `patterns.declaration.pattern.Pattern` that a listener needs."""

    @property
    def name(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def follows_gaps(self) -> bool: ...
    @property
    def terminal_colour(self) -> str: ...
