"""Describes the machine on which a figure was measured."""

import os
import platform
import re
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from starting import redis_server

MIB = 1024 * 1024


def describe() -> dict[str, Any]:
    """The machine, the versions of what runs on it, and the date."""
    cpu = Path("/proc/cpuinfo")
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)),
        "cpu": first(r"model name\s*: (.*)", cpu.read_text() if cpu.exists() else ""),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB,
        "python": platform.python_version(),
        "redis": redis_server.version(redis_server.find_server()),
        "redis_py": version("redis"),
    }


def first(pattern: str, text: str) -> str:
    """The first group of the first match, or nothing."""
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else ""
