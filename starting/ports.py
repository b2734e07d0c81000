"""Ports of this machine: which are free, which accept connections, which a process uses."""

import secrets
import socket
from contextlib import suppress
from pathlib import Path

import psutil

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))  # of all TCP connections
FOR_SERVERS = range(10_000, 32_000)  # systems give outgoing connections higher ones
TIME_WAIT = "06"  # there: both ends have closed it


def is_open(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections there."""
    with suppress(OSError), socket.create_connection((host, port), 1):
        return True
    return False


def free_port() -> int:
    """A port that nothing uses at this moment, and that no outgoing connection will be given."""
    while True:
        port = secrets.choice(FOR_SERVERS)
        with suppress(OSError), socket.socket() as free:
            free.bind(("127.0.0.1", port))
            return port


def local_ports(process: psutil.Process) -> set[int]:
    """The local ports of the TCP connections of a process; none when it has ended."""
    with suppress(psutil.NoSuchProcess):
        connections = process.net_connections("tcp")
        return {one.laddr.port for one in connections if one.status == psutil.CONN_ESTABLISHED}
    return set()


def busy_ports() -> set[int]:
    """The local ports of this machine's TCP connections that their other end has not closed."""
    tables = [path.read_text().splitlines()[1:] for path in TABLES if path.exists()]
    rows = [row.split() for table in tables for row in table]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] != TIME_WAIT}


def listens(port: int, pid: int) -> bool:
    """Whether this process, or a child of it, accepts connections at this port."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        everyone = [process, *process.children(recursive=True)]
        sockets = [one for member in everyone for one in member.net_connections("tcp")]
        return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in sockets)
    return False
