"""One module a pattern, in which all that is true of it is declared; here they are registered.

A pattern is three things: a sending function in web.py, a script in listeners/, and its module
here. A module imports nothing of the project but messaging, and everybody may import it.
"""

from importlib import import_module

from patterns.pattern import Pattern

NAMES = (
    "prodcons",
    "pubsub",
    "reliable",
    "stream",
    "fanout",
)
PATTERNS: dict[str, Pattern] = {name: import_module(f"patterns.{name}").PATTERN for name in NAMES}
FIRST_TWO = tuple(PATTERNS)[
    :2
]  # what the front page shows, and the demo starts, unless told otherwise
# With the variants of each: what the lab compares, and /compare shows.
COMPARED: dict[str, Pattern] = {
    one.name: one for pattern in PATTERNS.values() for one in (pattern, *pattern.variants)
}
