"""Ports of this machine: which are free, which accept connections, which a process uses."""

import os
import socket
from contextlib import suppress
from pathlib import Path

ESTABLISHED = "01"  # in /proc/net/tcp


def is_open(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections there."""
    with suppress(OSError), socket.create_connection((host, port), 1):
        return True
    return False


def free_port() -> int:
    """A port that nothing uses at this moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def local_ports(pid: int) -> list[int]:
    """The local port of each TCP connection of a process."""
    rows = []
    for table in ("tcp", "tcp6"):
        with suppress(OSError):  # a machine may have no IPv6
            rows += Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    sockets = {
        f"socket:[{row.split()[9]}]": int(row.split()[1].rpartition(":")[2], 16)
        for row in rows
        if row.split()[3] == ESTABLISHED
    }
    ports = []
    with suppress(OSError):  # the process may end while we look
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                ports.append(sockets.get(os.readlink(file)))
    return [port for port in ports if port]
