"""A Redis Sentinel as a process: it watches a primary and promotes a replica when that is gone."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from redis import Redis, RedisError

from starting.parts import find_server
from starting.ports import free_port, is_open
from starting.process import Process

SERVICE = "primary"  # what our Sentinels call the primary
# Milliseconds after which Sentinels may begin another failover, and point a replica at the
# primary's own address that is linked to it through a proxy.
FAILOVER_TIMEOUT = 60_000


class SentinelServer(Process):
    """A Sentinel of the primary at this port, on a free port of its own."""

    def __init__(self, folder: Path, primary_port: int, quorum: int, down_after: int) -> None:
        """`folder` is its own; it counts the primary as down after so many ms of silence."""
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self._log = folder / "sentinel.log"
        lines = (
            f"port {self.port}",
            "bind 127.0.0.1",
            f"dir {folder}",
            f"logfile {self._log}",
            f"sentinel monitor {SERVICE} 127.0.0.1 {primary_port} {quorum}",
            f"sentinel down-after-milliseconds {SERVICE} {down_after}",
            f"sentinel failover-timeout {SERVICE} {FAILOVER_TIMEOUT}",
        )
        config = folder / "sentinel.conf"  # which a Sentinel writes anew as it learns
        config.write_text("\n".join(lines) + "\n")
        super().__init__([find_server(), config, "--sentinel"])
        self.must(lambda: bool(self.primary()))

    @property
    def text(self) -> str:
        """Its output and its log."""
        return super().text + (self._log.read_text() if self._log.exists() else "")

    def primary(self) -> dict[str, Any]:
        """What it knows of the primary; nothing when it does not answer."""
        return dict(self._asked("sentinel_master"))

    def primary_port(self) -> int:
        """The port of the Redis that it calls the primary; 0 when it does not answer."""
        return int(self.primary().get("port", 0))

    def is_ready(self, others: int) -> bool:
        """Whether it knows so many other Sentinels and a replica that it could promote."""
        known = self.primary().get("num-other-sentinels")
        replicas = self._asked("sentinel_slaves") or []
        return known == others and any(
            one["flags"] == "slave" and one["master-link-status"] == "ok" for one in replicas
        )

    def _asked(self, command: str) -> Any:
        with suppress(RedisError):
            if is_open(self.port):  # a client of Redis would try again for seconds
                with Redis(port=self.port, socket_timeout=1, driver_info=None) as sentinel:
                    return getattr(sentinel, command)(SERVICE)
        return {}
