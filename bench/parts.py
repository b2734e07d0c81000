"""What a way of working is made of in a measurement: its web, and its workers if it has some."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psutil

from bench.asking import Click, click, look
from bench.stage import Stage
from jobs.notes import latest
from jobs.ways import WAYS
from starting.parts import Web
from starting.process import Process

STARTS_WITHIN = 30.0  # seconds


class Parts:
    """A web, and a worker of one way, which can be killed and started again."""

    def __init__(
        self, stage: Stage, way: str, commands: Sequence[list[str]], processes: int = 2
    ) -> None:
        """Start so many processes of the web, and the workers of these commands."""
        self._stage, self._way, self._commands = stage, way, commands
        self._processes = processes
        self._web: Web = stage.web(processes)
        self.host = self._web.host
        self._workers = [self._start(command) for command in self._commands]

    def _start(self, command: list[str]) -> Process:
        """Start one more worker, and wait until Redis knows of it."""
        redis, way = self._stage.redis, WAYS[self._way]
        before = {*way.workers(redis)}
        worker = self._stage.add(Process(command, {"REDIS_URL": self._stage.server.url}))
        worker.must(lambda: bool({*way.workers(redis)} - before), STARTS_WITHIN)
        return worker

    def ask_without_waiting(self, pieces: int, seconds: float) -> list[Future[Click]]:
        """Let so many people click once each, at the same time."""
        crowd = ThreadPoolExecutor(pieces)
        return [
            crowd.submit(click, self.host, self._way, "wait", seconds=seconds)
            for _ in range(pieces)
        ]

    def known(self) -> list[dict[str, Any]]:
        """What the web knows of all pieces."""
        return [look(self.host, one.work.id) for one in latest(self._stage.redis, self._way)]

    def kill(self, worker: str) -> None:
        """Kill all who do the work, with their children, and start as many again."""
        if not self._workers:  # they are processes of the web, of which gunicorn replaces one
            psutil.Process(int(worker.split("-")[1])).kill()
        for one in self._workers:
            for process in one.members():
                process.kill()
        self._workers = [self._start(command) for command in self._commands]

    def restart_web(self) -> None:
        """Stop the web as a deployment would, and start it again at the same port."""
        self._web.popen.terminate()
        self._web.popen.wait(STARTS_WITHIN)
        self._web = self._stage.web(self._processes, PORT=str(self._web.port))
