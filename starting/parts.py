"""The web server and the listeners as processes."""

import sys

from starting.output import LogFiles
from starting.ports import free_port, is_open
from starting.process import Environ, Process

# So many waiting messages that the web server never refuses one of a measurement.
NO_LIMIT = {"QUEUE_LIMIT": "100000000"}
WEB = [sys.executable, "-m", "gunicorn"]


def listener_command(pattern: str, *options: str) -> list[str]:
    """The command that starts a listener."""
    return [sys.executable, f"listeners/{pattern}.py", *options]


class Web(Process):
    """The web server under gunicorn, on a free port."""

    def __init__(self, environ: Environ, files: LogFiles = (None, None)) -> None:
        self.port = int(environ.get("PORT") or free_port())
        self.host = f"127.0.0.1:{self.port}"
        super().__init__(WEB, environ={"PORT": str(self.port), **environ}, files=files)
        self.must(lambda: is_open(self.port))
