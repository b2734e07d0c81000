"""The menus of the front page: which verbs of the demo each offers, made from controls.verbs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from controls.verbs import VERBS, Target, Verb
from patterns.declaration.pattern import Pattern

# What a menu offers of all that an option allows; where no text is given, the verb has it.
SPEEDS = {"ms": {0: "Fast: no work for a message", 20: "", 200: ""}}
WITH_A_BUTTON = ("start",)  # it stands in the column itself


@dataclass(frozen=True)
class Entry:
    """A line of a menu: a button, and the command that one would type instead."""

    verb: Verb
    says: str
    typed: str  # static/front/controls.js knows {pid}, {name} and {address}
    options: str = "{}"  # as JSON
    is_for_each: bool = False  # whether it is asked of each listener of the column


def of_listener(pattern: Pattern) -> list[Entry]:
    """Return what may be done to a listener of a pattern."""
    return [*_entries(pattern, Target.LISTENER)]


def of_column(pattern: Pattern) -> list[Entry]:
    """Return what may be done to a pattern; what only experiments need is not offered."""
    each = [
        Entry(one.verb, f"All: {one.says[0].lower()}{one.says[1:]}", "", is_for_each=True)
        for one in _entries(pattern, Target.LISTENER)
        if one.verb.is_for_each
    ]
    return each + [
        one
        for one in _entries(pattern, Target.PATTERN)
        if one.verb.name not in WITH_A_BUTTON and one.options == "{}"
    ]


def of_all() -> list[Entry]:
    """Return what may be done to all at once."""
    return [Entry(one, one.says, one.typed) for one in VERBS.values() if one.target is Target.ALL]


def _entries(pattern: Pattern, target: Target) -> Iterator[Entry]:
    for verb in VERBS.values():
        if verb.target is not target or not verb.fits(pattern):
            continue
        typed = verb.typed.replace("{script}", pattern.script).replace("{pattern}", pattern.name)
        if not verb.options:
            yield Entry(verb, verb.says, typed)
        for name, values in SPEEDS.items():
            for value, text in values.items() if {*verb.options} == {name} else ():
                says = text or verb.says.replace(f"{{{name}}}", str(value))
                filled = typed.replace("{seconds}", f"{value / 1000:g}")
                yield Entry(verb, says, filled, json.dumps({name: value}))
