"""Describes the machine on which a figure was measured."""

import os
import platform
import re
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from starting.parts import find_server, product_of


def describe(server: str = "") -> dict[str, Any]:
    """The machine, the versions of what runs on it, and the date.

    `product` is Redis or Valkey, and `redis` its version: of the program at the path `server`, or
    else of the one that is found.
    """
    product = product_of(server or find_server())
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)),
        "cpu": cpu[1] if cpu else "",
        "memory_mib": psutil.virtual_memory().total // 2**20,
        "python": platform.python_version(),
        "product": product.name if product else "",
        "redis": product.version if product else "",
        "redis_py": version("redis"),
    }
