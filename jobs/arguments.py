"""Checks the arguments of a task against its type hints, and does a task by its name."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from redis import RedisError

from jobs.kinds import Kind, Within
from jobs.outcome import Outcome, TaskError
from jobs.tasks import TASKS
from messaging.connection import explain
from messaging.message import printable

LONGEST_QUOTED = 40  # characters of a name that is not known
LONGEST_REASON = 200  # characters of an error that nobody foresaw


class ArgumentsError(TaskError):
    """A task cannot have these arguments; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument that a task takes; `default` is None where it must be given."""

    name: str
    kind: Kind
    default: Any

    @property
    def sentence(self) -> str:
        """What is allowed, as in «seconds: a number from 0 to 60.»."""
        return f"{self.name}: {self.kind.words()}."

    @property
    def attributes(self) -> Mapping[str, object]:
        """The attributes of the form field (see jobs.kinds.Kind.attributes)."""
        return self.kind.attributes()


@cache
def parameters(task: str) -> tuple[Parameter, ...]:
    """Return what a task takes, in the order of its definition; raises ArgumentsError."""
    if task not in TASKS:
        raise ArgumentsError(f"There is no task «{_quoted(task)}»; there are: {', '.join(TASKS)}.")
    hints = get_type_hints(TASKS[task], include_extras=True)
    signature = inspect.signature(TASKS[task]).parameters.values()
    return tuple(_parameter(task, one, hints.get(one.name)) for one in signature)


def checked(task: str, given: Mapping[str, object]) -> dict[str, Any]:
    """Return all arguments of a task, with its defaults for those that are not given.

    `given` has texts of a form or values of JSON. Raises ArgumentsError.
    """
    if not isinstance(task, str) or not isinstance(given, Mapping):
        raise ArgumentsError("A task has a name, and its arguments have names.")
    known = parameters(task)
    names = [one.name for one in known]
    for name in given:
        if name not in names:
            has = ", ".join(names) or "none"
            raise ArgumentsError(f"{task} has no argument «{_quoted(name)}»; it has: {has}.")
    return {one.name: _read(one, given) for one in known}


def done(task: str, arguments: Mapping[str, object]) -> Outcome:
    """Do a task with arguments that came from elsewhere, and return its outcome.

    Raises TaskError, and nothing else, when it cannot be done: a worker lives on.
    """
    valid = checked(task, arguments)
    try:
        return TASKS[task](**valid)
    except TaskError:
        raise
    except RedisError as error:
        raise TaskError(explain(error)) from error
    except Exception as error:
        reason = printable(f"{type(error).__name__}: {error}"[:LONGEST_REASON])
        raise TaskError(f"{task} failed with an error that nobody foresaw: {reason}") from error


def _parameter(task: str, one: inspect.Parameter, hint: object) -> Parameter:
    """Read the declaration of an argument; raises TypeError where it does not say its kind."""
    if get_origin(hint) is not Annotated:
        raise TypeError(f"{task}: the hint of {one.name} does not say which values are allowed.")
    plain, kind, *_ = get_args(hint)
    if isinstance(kind, Within):
        kind = replace(kind, is_whole=plain is int)
    default = None if one.default is inspect.Parameter.empty else kind.read(one.default)
    return Parameter(one.name, kind, default)


def _read(parameter: Parameter, given: Mapping[str, object]) -> Any:
    if parameter.name not in given:
        if parameter.default is None:
            raise ArgumentsError(f"{parameter.name} is missing. {parameter.sentence}")
        return parameter.default
    try:
        return parameter.kind.read(given[parameter.name])
    except ValueError:
        raise ArgumentsError(parameter.sentence) from None


def _quoted(name: object) -> str:
    return printable(str(name)[:LONGEST_QUOTED])
