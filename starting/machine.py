"""Describes the machine on which a figure was measured."""

import os
import platform
import re
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from starting.parts import find_server, version_of


def describe() -> dict[str, Any]:
    """The machine, the versions of what runs on it, and the date."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)),
        "cpu": cpu[1] if cpu else "",
        "memory_mib": psutil.virtual_memory().total // 2**20,
        "python": platform.python_version(),
        "redis": version_of(find_server()),
        "redis_py": version("redis"),
    }
