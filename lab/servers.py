"""The kinds of Redis that a run can have."""

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from lab.server import Server, lab_client
from messaging.reporting.reporter import RECORDS
from starting.disk import Cut, PowerCutDisk, why_no_power_cut
from starting.parts import RedisServer, own_redis
from starting.replication import Replication


class Theirs(Server):
    """A Redis that others use; `--redis` names it."""

    def _start(self) -> None:
        self.url = self._settings.url

    def _end(self, names: Iterable[str]) -> None:
        self.redis.delete(RECORDS, *self._system.store.keys(self.redis, names))


class Own(Server):
    """A Redis of the run's own, which can be killed and started again."""

    def _start(self) -> None:
        program = self._settings.server
        self._process = own_redis(self._data, *self._options, server=program)
        self.url, self._port = self._process.url, self._process.port

    @property
    def _data(self) -> Path:
        """The folder of its data."""
        return self._folder

    def kill(self) -> int:
        """Kill it with SIGKILL, as a crash would; return its process id."""
        self._process.kill()
        return self._process.popen.pid

    def restart(self) -> None:
        """Start it again, with the data that it kept on disk."""
        program = self._settings.server
        self._process = RedisServer(self._port, self._data, *self._options, server=program)

    def _end(self, names: Iterable[str]) -> None:
        self._process.kill()
        shutil.rmtree(self._data / "appendonlydir", ignore_errors=True)
        (self._data / "appendonly.aof").unlink(missing_ok=True)  # before Redis 7


class OnDisk(Own):
    """The same on a disk of its own, whose power can be cut."""

    @staticmethod
    def why_not() -> str:
        return why_no_power_cut()

    def _start(self) -> None:
        self._disk = PowerCutDisk(self._folder / "disk")
        self._disk.__enter__()
        super()._start()

    @property
    def _data(self) -> Path:
        return self._disk.mountpoint

    def cut_power(self) -> Cut:
        """Kill it, and drop what was written to its disk and not synced."""
        return self._disk.cut(self._process)

    def kept_until(self) -> float:
        """Whatever it had acknowledged by then is kept.

        While a sync runs, Redis writes nothing to its file, so the last one may miss what came just
        before it.
        """
        syncs = [one.at for one in self._disk.syncs()]
        return syncs[-2] if len(syncs) > 1 else 0.0

    def _end(self, names: Iterable[str]) -> None:
        self._process.kill()
        self._disk.__exit__(None, None, None)
        shutil.rmtree(self._folder / "disk", ignore_errors=True)


class Replicated(Server):
    """A primary and a replica, which a person promotes; clients have one address that moves."""

    SENTINELS = 0

    def _start(self) -> None:
        place = self._folder / "replication"
        self._pair = Replication(
            place, *self._options, sentinels=self.SENTINELS, server=self._settings.server
        )
        self.url = self._pair.url

    @property
    def own_url(self) -> str:
        promoted = self._pair.promoted
        return (self._pair.replica if promoted else self._pair.primary).url

    def part(self) -> float:
        """Let nothing more come to the replica; return since when."""
        self._pair.silence_link()
        return time.time()

    def fail_over(self) -> float:
        """Kill the primary, and have the replica promoted; return when that was, 0 for never."""
        self._pair.kill_primary()
        with suppress(TimeoutError):
            self._promote()
        self.redis.close()
        self.redis = lab_client(self.own_url)
        return self._pair.promoted or 0.0

    @property
    def withheld(self) -> int:
        """How many pieces of what the primary did never came to the replica."""
        return self._pair.link.withheld

    def replicate(self) -> None:
        """Start a replica of the new primary, and wait until it follows."""
        self._pair.add_replica()

    @property
    def killed(self) -> float:
        """When the primary was."""
        return self._pair.killed or 0.0

    def _promote(self) -> None:
        self._pair.promote()

    def _end(self, names: Iterable[str]) -> None:
        self._pair.close()
        shutil.rmtree(self._folder / "replication", ignore_errors=True)


class Guarded(Replicated):
    """The same with three Sentinels, which promote the replica, and whom clients ask."""

    SENTINELS = 3

    def _promote(self) -> None:
        self._pair.wait_for_promotion()
