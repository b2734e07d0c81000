"""A RabbitMQ of the tests' own, with a port mapper of its own."""

import os
import shutil
import subprocess
from pathlib import Path

from starting.ports import free_port, is_open
from starting.process import NotStartedError
from tests.processes import Process

INSTALL = "RabbitMQ is not installed: apt install rabbitmq-server"
FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/local/sbin", "/opt/homebrew/sbin")  # not the su wrapper
START_WITHIN = 60  # seconds


def find_rabbit() -> str:
    """The path of rabbitmq-server; raises NotStartedError."""
    path = os.pathsep.join((*FOLDERS, os.environ.get("PATH", "")))
    if found := shutil.which("rabbitmq-server", path=path):
        return found
    raise NotStartedError(INSTALL)


class RabbitMQ(Process):
    """A node that only this machine reaches, and that keeps all it has in `folder`."""

    def __init__(self, folder: Path) -> None:
        program = find_rabbit()
        self.port, self.mapper = free_port(), free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        environ = {
            "HOME": str(folder),  # the cookie of Erlang is there
            "RABBITMQ_NODENAME": f"test{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "environ"),
            "ERL_EPMD_PORT": str(self.mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_RELAXED_COMMAND_CHECK": "1",  # it ends although it knows a killed node
        }
        super().__init__([program], environ=environ)
        self.must(lambda: is_open(self.port), START_WITHIN)

    def kill(self) -> None:
        """Kill it, and the port mapper that it left behind."""
        super().kill()
        mapper = ["epmd", "-port", str(self.mapper), "-kill"]
        subprocess.run(mapper, capture_output=True, check=False)
