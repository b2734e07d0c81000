"""Prints static/live/wire.d.ts: the types of pages/live/wire.py, for the page's scripts.

python -m tests.wire_types > static/live/wire.d.ts
"""

from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from pages.live import wire

PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null"}


def in_typescript(kind: Any) -> str:
    """Return the TypeScript type of what a Python type becomes in JSON."""
    inner = [in_typescript(one) for one in get_args(kind)]
    origin = get_origin(kind)
    if origin is UnionType:
        return " | ".join(inner)
    if origin is tuple:
        return f"[{', '.join(inner)}]"
    if origin is list:
        return f"Array<{inner[0]}>"
    if origin is dict:
        return f"Record<{', '.join(inner)}>"
    if is_typeddict(kind):
        return str(kind.__name__)
    return "any" if kind is Any else PLAIN[kind]


def declaration(kind: Any) -> str:
    fields = [
        f"  {name}{'?' if name in kind.__optional_keys__ else ''}: {in_typescript(one)};"
        for name, one in get_type_hints(kind).items()
    ]
    return "\n".join([f"export type {kind.__name__} = {{", *fields, "};"])


def declarations() -> str:
    kinds = [one for one in vars(wire).values() if is_typeddict(one)]
    head = "// Made of pages/live/wire.py, which says what each field means: tests/wire_types.py.\n"
    return "\n\n".join([head.rstrip(), *map(declaration, kinds)]) + "\n"


if __name__ == "__main__":
    print(declarations(), end="")
