"""What the page may ask for: a short list of verbs, each with the arguments that it takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from patterns import PATTERNS
from patterns.declaration.pattern import Pattern

MOST_LISTENERS = 6  # of a pattern that the demo starts
SLOWEST = 2000  # ms that a listener may be told to take for a message
KEPT_OUT_FOR = 2  # seconds


class Target(Enum):
    """What a verb is done to."""

    LISTENER = "listener"  # by its name, one that the demo started
    PATTERN = "pattern"
    ALL = "all"


@dataclass(frozen=True)
class Verb:
    """One thing that the demo can do; the texts are for people."""

    name: str
    target: Target
    says: str  # on the button
    typed: str  # what one would type; {pid}, {name}, {pattern} and options stand for what they are
    options: Mapping[str, range] = field(default_factory=dict)  # whole numbers that it needs
    harms: bool = False  # whether messages may be lost by it
    needs_line: bool = False  # whether only the demo's proxy can do it
    is_for_each: bool = False  # whether a column offers it for all of its listeners at once
    fits: Callable[[Pattern], bool] = lambda pattern: True  # whether it makes sense there


_START = ".venv/bin/python listeners/{script}.py --name {name}"
_OF_LISTENER = (
    Verb("freeze", Target.LISTENER, "Freeze", "kill -STOP {pid}"),
    Verb("go_on", Target.LISTENER, "Go on", "kill -CONT {pid}"),
    Verb(
        "slow",
        Target.LISTENER,
        "Slow: {ms} ms a message",
        f"kill {{pid}}; {_START} --work {{seconds}}",
        {"ms": range(SLOWEST + 1)},
    ),
    Verb(
        "oldest_first",
        Target.LISTENER,
        "Take the oldest first",
        f"kill {{pid}}; {_START} --oldest-first",
        is_for_each=True,
        fits=lambda pattern: bool(pattern.commands.take_oldest),
    ),
    Verb(
        "newest_first",
        Target.LISTENER,
        "Take the newest first",
        f"kill {{pid}}; {_START}",
        is_for_each=True,
        fits=lambda pattern: bool(pattern.commands.take_oldest),
    ),
    Verb("stop", Target.LISTENER, "Stop", "kill {pid}"),
    Verb("kill", Target.LISTENER, "Kill", "kill -9 {pid}", harms=True),
    Verb(
        "cut",
        Target.LISTENER,
        "Cut its connections",
        "redis-cli CLIENT KILL ADDR {address}",
        harms=True,
        needs_line=True,
    ),
    Verb(
        "keep_out",
        Target.LISTENER,
        f"Cut it off for {KEPT_OUT_FOR} seconds",
        "",
        harms=True,
        needs_line=True,
    ),
    Verb("line_dead", Target.LISTENER, "Let its line go dead", "", harms=True, needs_line=True),
    Verb(
        "lose_pop",
        Target.LISTENER,
        "Lose the reply with its next message",
        "",
        harms=True,
        needs_line=True,
    ),
    Verb(
        "lose_ack",
        Target.LISTENER,
        "Lose the reply to its next acknowledgement",
        "",
        harms=True,
        needs_line=True,
        fits=lambda pattern: bool(pattern.commands.acknowledge),
    ),
)
_OF_PATTERN = (
    Verb("start", Target.PATTERN, "One more listener", _START),
    Verb(
        "stage",
        Target.PATTERN,
        "So many listeners, each with so many ms of work",
        "",
        {"listeners": range(MOST_LISTENERS + 1), "ms": range(SLOWEST + 1)},
    ),
    Verb(
        "lose_send",
        Target.PATTERN,
        "Lose the reply to the next send",
        "",
        harms=True,
        needs_line=True,
    ),
    Verb(
        "poison",
        Target.PATTERN,
        "Kill whoever takes a message «poison»",
        "kill -9 {pid}",
        harms=True,
        needs_line=True,
    ),
)
_OF_ALL = (
    Verb("restart_redis", Target.ALL, "Restart Redis", "kill -9 {pid}; redis-server …", harms=True),
)
VERBS: dict[str, Verb] = {one.name: one for one in (*_OF_LISTENER, *_OF_PATTERN, *_OF_ALL)}


class BadCommandError(ValueError):
    """There is no such verb, or its target or options cannot be; the message says what can."""


def check(verb: str, target: str, options: Mapping[str, int]) -> Verb:
    """Return the verb; raises BadCommandError. Whether a listener is the demo's, the demo knows."""
    if verb not in VERBS:
        raise BadCommandError(f"There is nothing called that, only {', '.join(VERBS)}.")
    known = VERBS[verb]
    if known.target is Target.PATTERN and target not in PATTERNS:
        raise BadCommandError(f"Its target is one of {', '.join(PATTERNS)}.")
    if known.target is Target.ALL and target:
        raise BadCommandError(f"{verb} has no target.")
    if options.keys() != known.options.keys():
        needed = ", ".join(known.options) or "none"
        raise BadCommandError(f"The options of {verb} are: {needed}.")
    for name, allowed in known.options.items():
        if options[name] not in allowed:
            raise BadCommandError(f"{name} is a number from {allowed[0]} to {allowed[-1]}.")
    return known
