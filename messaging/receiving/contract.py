"""What a pattern's receiving end has to do, and what the loop around it does in return.

A receiving end is a generator function in listeners/:

    receive(redis, consumer, most=1, **options) -> Iterator[Ready | Batch | LeftBehind]

It takes messages from Redis and yields them. These are its duties:

- It yields `Ready` once whatever is sent from then on reaches this consumer, and again whenever it
  has connected anew by itself.
- It yields a `Batch` for the lines that it took, at most `most` of them.
- When it is resumed after a `Batch`, every line of it is done: handled, counted and printed. A
  pattern that keeps messages until then acknowledges them at that point, and not earlier.
- Where `Batch.is_dead`, the loop does not handle the lines. The pattern puts them aside as dead
  letters when it is resumed.
- It looks at `consumer.stopping` at least once a second (`connection.BLOCK`), and returns when
  that is set, with no line taken and not yielded. What it can neither yield in time nor give back
  to Redis it yields as `LeftBehind`.
- It raises RedisError whenever Redis fails. The loop then waits and calls `receive` again, with
  the same consumer: the new call takes up what the old one took and did not finish.

In return the loop resumes the generator after each item, from one thread, and never leaves it in
the middle unless the process ends.
"""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from messaging.receiving.stopping import Stopping

TRIES = 3  # deliveries without an acknowledgement, after which a message is a dead letter


@dataclass(frozen=True, slots=True)
class Ready:
    """From now on this consumer gets what is sent; so many messages `waiting` were there before."""

    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines that were taken together; `failures` consumers died with them in hand before."""

    lines: list[bytes]
    failures: int = 0

    @property
    def is_dead(self) -> bool:
        """Whether they are not to be tried again."""
        return self.failures >= TRIES


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Messages that Redis sent to this consumer, and that it neither handled nor gave back."""

    count: int
    are_all: bool = True  # False: more may have been on their way, which nobody counted


Item = Ready | Batch | LeftBehind


def new_name() -> str:
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


@dataclass
class Consumer:
    """Who receives; its names stay the same over reconnects."""

    stopping: Stopping = field(default_factory=Stopping)  # the flag that asks it to stop
    name: str = field(default_factory=new_name)  # nobody else has ever had it
    called: str = field(default_factory=new_name)  # by --name: the same after a restart


Receive = Callable[..., Iterator[Item]]  # see above; its options are the pattern's own
