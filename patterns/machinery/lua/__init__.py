"""The Lua scripts: Redis runs each in one step, and each file explains its arguments."""

from pathlib import Path


def source(name: str) -> str:
    """Return the source of a script; `name` is that of its file without .lua."""
    return (Path(__file__).parent / f"{name}.lua").read_text()
