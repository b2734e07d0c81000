"""What patterns need beyond Redis' own commands: leases, groups, a subscription, Lua scripts."""

from pathlib import Path


def lua_script(name: str) -> str:
    """Return a Lua script, which Redis runs in one step; its file explains the arguments."""
    return (Path(__file__).parent / "lua" / f"{name}.lua").read_text()
