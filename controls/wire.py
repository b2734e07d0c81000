"""A command, its answer, and the stage, as they travel through Redis.

Each demo has keys of its own, named after its secret, so that two demos may share a Redis.
"""

import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as SilentError

from messaging.connection import as_bytes
from messaging.reporting.reporter import reports_channel
from messaging.settings import KEY_PREFIX

KEYS = f"{KEY_PREFIX}control:"  # how the names of all keys begin
ANSWERS = f"{KEYS}answer:"  # + the id of a command: a list with its answer
SECRET = os.environ.get("CONTROL_SECRET", "")  # from the demo, for its own web; «»: no controls
ASKED_WITHIN = 5.0  # seconds after which a command is too old to be carried out
ANSWERED_WITHIN = 15.0  # seconds that the web waits for an answer
ANSWERS_KEPT_FOR = 60  # seconds
STAGE_KEPT_FOR = 4  # seconds; the demo writes it each second
STAGE_CHANGED = b"stage"  # published among the reports
LONGEST = 4096  # bytes of a command
ASK_AGAIN_AFTER = 0.2  # seconds after the connection was lost on which an answer was awaited


def commands_of(secret: str) -> str:
    """Return the key of the list of commands that the web pushes and the demo takes."""
    return f"{KEYS}commands:{_public(secret)}"


def stage_of(secret: str) -> str:
    """Return the key of the string that says as JSON what the demo has started."""
    return f"{KEYS}stage:{_public(secret)}"


def _public(secret: str) -> str:
    """Return a name that everybody may read, and that does not tell the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Command:
    """What the page asks for."""

    verb: str
    target: str  # name of a listener or a pattern, or «»
    options: Mapping[str, int]
    secret: str  # of the demo whose page it comes from
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    at: float = field(default_factory=time.time)  # seconds since the epoch

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, line: bytes) -> "Command | None":
        """Return the command in a line; None for whatever else a program pushed there."""
        with suppress(ValueError, TypeError, RecursionError):
            told: Any = json.loads(line) if len(line) <= LONGEST else None
            match told:
                case {
                    "verb": str(),
                    "target": str(),
                    "options": dict(options),
                    "secret": str(),
                    "id": str(),
                    "at": float(),
                    **rest,
                } if not rest and all(type(one) is int for one in options.values()):
                    command = cls(**told)
                    return command if command._is_text() else None
        return None

    def _is_text(self) -> bool:
        """Return whether its id is one of ours, and nothing has half a character (JSON may)."""
        "".join((self.verb, self.target, self.secret, *self.options)).encode()
        return bool(re.fullmatch("[0-9a-f]{16}", self.id))


@dataclass(frozen=True)
class Answer:
    """What came of a command."""

    is_done: bool
    said: str  # a sentence, with the command that one would type

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode()


@dataclass(frozen=True)
class OnStage:
    """A listener that the demo has started."""

    pid: int
    pattern: str
    is_frozen: bool = False
    ms: int = 0  # of work for each message
    is_oldest_first: bool = False  # told to be, by its option
    is_kept_out: bool = False


@dataclass(frozen=True)
class Stage:
    """What is there that obeys: written by the demo, read by the web."""

    listeners: Mapping[str, OnStage] = field(default_factory=dict)  # by name
    redis_pid: int = 0  # of the Redis that the demo has started; 0: another one is used
    has_lines: bool = False  # whether the demo's proxies stand before Redis

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, line: bytes) -> "Stage | None":
        """Return None for whatever else a program wrote there."""
        with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            told: dict[str, Any] = json.loads(line)
            listeners = {name: OnStage(**one) for name, one in told.pop("listeners").items()}
            return cls(listeners, **told)
        return None


def ask(redis: Redis, command: Command) -> Answer | None:
    """Hand a command to the demo and wait for its answer; None when none came in time.

    The command is pushed once. Whoever waits connects again when Redis restarts meanwhile, which
    may be what was asked for. `redis` waits for a reply for longer than ANSWERED_WITHIN.
    """
    with redis.pipeline() as pipeline:
        pipeline.lpush(commands_of(command.secret), command.encode())
        pipeline.expire(commands_of(command.secret), ANSWERS_KEPT_FOR)
        pipeline.execute()
    deadline = time.monotonic() + ANSWERED_WITHIN
    while (left := deadline - time.monotonic()) > 0:
        try:
            popped = redis.blpop([f"{ANSWERS}{command.id}"], left)
            return Answer(**json.loads(popped[1])) if popped else None
        except (LostError, SilentError):
            time.sleep(ASK_AGAIN_AFTER)
    return None


def next_command(redis: Redis, secret: str, within: float) -> Command | None:
    """Take the oldest command; None when none came in time, or it was none."""
    popped = redis.brpop([commands_of(secret)], within)
    return Command.decode(as_bytes(popped[1])) if popped else None


def answer(redis: Redis, command: Command, said: Answer) -> None:
    with redis.pipeline() as pipeline:
        pipeline.lpush(f"{ANSWERS}{command.id}", said.encode())
        pipeline.expire(f"{ANSWERS}{command.id}", ANSWERS_KEPT_FOR)
        pipeline.execute()


def show(redis: Redis, secret: str, stage: Stage, is_new: bool) -> None:
    """Write what there is; what is new is shown at once by those who show reports."""
    redis.set(stage_of(secret), stage.encode(), ex=STAGE_KEPT_FOR)
    if is_new:
        redis.publish(reports_channel(), STAGE_CHANGED)


def look(redis: Redis, secret: str) -> Stage | None:
    """Return what the demo with this secret has started; None when it does not run."""
    with suppress(ResponseError):  # another program uses the key for another type
        line = redis.get(stage_of(secret))
        return Stage.decode(line) if isinstance(line, bytes) else None
    return None


def leave(redis: Redis, secret: str) -> None:
    """Delete what says that the demo is there, and the commands that nobody will carry out."""
    redis.delete(stage_of(secret), commands_of(secret))
