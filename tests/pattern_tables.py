"""Prints the tables of docs/patterns.md from what the patterns declare.

python -m tests.pattern_tables
"""

from collections.abc import Sequence

from patterns import PATTERNS

PROMISES = [
    "pattern",
    "who receives a message",
    "while nobody listens",
    "when it dies with a message in hand",
    "order",
]
COMMANDS = [
    "pattern",
    "sent with",
    "taken with",
    "acknowledged with",
    "key or channel",
    "dead letters",
]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def code(*words: str) -> str:
    return ", ".join(f"`{word}`" for word in words if word) or "–"


def promises() -> str:
    rows = []
    for one in PATTERNS.values():
        facts = (one.facts.away, one.facts.hand, one.facts.order)
        rows.append((one.words.title, one.hears.value, *(fact.sentence for fact in facts)))
    return table(PROMISES, rows)


def commands() -> str:
    rows = []
    for one in PATTERNS.values():
        said = one.commands
        steps = (code(*said.send), code(*said.take), code(*said.acknowledge))
        rows.append((one.words.title, *steps, code(one.place), code(one.dead_letters)))
    return table(COMMANDS, rows)


if __name__ == "__main__":
    print(f"{promises()}\n\n{commands()}")
