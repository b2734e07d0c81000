"""The Lua scripts, which Redis runs in one step; each file explains its keys and arguments."""

from pathlib import Path


def script(name: str) -> str:
    """The source of a script, by the name of its file without .lua."""
    return (Path(__file__).parent / f"{name}.lua").read_text()
