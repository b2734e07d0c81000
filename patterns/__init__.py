"""The registry of the patterns; the module of each pattern declares what is true of it.

A pattern has a sending function in web.py, a script in listeners/, and a module here that NAMES
lists. declaration/ has the types of what a module declares, and machinery/ what listeners need
beyond one command. Only messaging/ is imported here, and only messaging/ may not import this.
"""

from importlib import import_module

from patterns.declaration.pattern import Pattern

NAMES = ("prodcons", "pubsub", "reliable", "stream", "fanout")
PATTERNS: dict[str, Pattern] = {name: import_module(f"patterns.{name}").PATTERN for name in NAMES}
# The front page shows these, and the demo starts them, unless told otherwise.
FIRST_TWO = tuple(PATTERNS)[:2]
# The patterns and their variants, which the lab measures and /compare shows.
COMPARED: dict[str, Pattern] = {
    one.name: one for pattern in PATTERNS.values() for one in (pattern, *pattern.variants)
}
