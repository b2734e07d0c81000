"""A folder on a disk whose power can be cut: what was written there and not synced is then gone."""

import filecmp
import subprocess
import sys
import time
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from starting.powercut import NEEDED
from starting.process import NotStartedError, Process, end

MOUNTS = Path("/proc/mounts")
AOF = "*/appendonly.*aof"  # what Redis appends to, also before Redis 7; paths begin with a slash


@dataclass(frozen=True)
class Sync:
    """A file was synced."""

    at: float  # seconds since the epoch
    size: int  # bytes; all of them are kept, and nothing after them
    path: str  # below the mount point


@dataclass(frozen=True)
class Loss:
    """What a power cut left of a file that was not synced, in bytes; None: there is no file."""

    written: int | None
    kept: int | None


@dataclass(frozen=True)
class Cut:
    """The power was cut."""

    at: float  # seconds since the epoch; the processes to be killed were dead then
    synced: dict[str, Sync]  # the last sync of each file, by the path below the mount point
    losses: dict[str, Loss]  # the files that are not as they were written, by the same


class PowerCutDisk:
    """A disk at `mountpoint`, while the context lasts; its end is a power cut, too."""

    def __init__(self, folder: Path) -> None:
        """Keep all that belongs to the disk in this folder of this machine's."""
        folder = folder.resolve()  # as the kernel names it
        self.mountpoint = folder / "disk"
        self._folder, self._log = folder, folder / "synced.log"
        self.mountpoint.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        """Mount it with what was synced; raise NotStartedError where that is impossible."""
        self._mount()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unmount()

    def is_mounted(self) -> bool:
        place = str(self.mountpoint).replace(" ", r"\040")
        return any(line.split()[1] == place for line in MOUNTS.read_text().splitlines())

    def syncs(self, of: str = AOF) -> list[Sync]:
        """All syncs of files like this, oldest first, also from before a cut."""
        lines = [line.split(" ", 2) for line in self._log.read_text().splitlines()]
        syncs = [Sync(float(at), int(size), path) for at, size, path in lines]
        return [sync for sync in syncs if fnmatch(sync.path, of)]

    def synced_at(self, of: str = AOF) -> float:
        """When a file like this was last synced, in seconds since the epoch; 0 for never."""
        return max((sync.at for sync in self.syncs(of)), default=0)

    def cut(self, *running: Process) -> Cut:
        """Kill these processes, drop all that was not synced, and mount the rest for a new start.

        What runs on without being named here gets errors from files that it has open there.
        """
        for one in running:
            one.kill()
        at = time.time()
        self._unmount()
        cut = Cut(at, {sync.path: sync for sync in self.syncs("*")}, self._losses())
        self._mount()
        return cut

    def _mount(self) -> None:
        places = (self._folder, self.mountpoint)
        command = [sys.executable, "-m", "starting.powercut", *map(str, places)]
        self._process = Process(command, files=(self._log, None))
        try:
            self._process.must(self.is_mounted)
        except NotStartedError as error:
            why = self._process.stderr.text().partition("\n")[0]
            raise NotStartedError(why if NEEDED in why else f"{NEEDED}: {why}") from error

    def _unmount(self) -> None:
        end([self._process.popen])
        self._process.kill()  # which closes its output
        if self.is_mounted():  # somebody has killed it
            subprocess.run(["fusermount3", "-u", "-z", self.mountpoint], check=True)

    def _losses(self) -> dict[str, Loss]:
        """The files that differ between what was written and what is kept."""
        written, synced = self._folder / "written", self._folder / "synced"
        files = {
            path.relative_to(top): None
            for top in (written, synced)
            for path in sorted(top.rglob("*"))
            if path.is_file()
        }
        return {
            f"/{file}": Loss(size_of(written / file), size_of(synced / file))
            for file in files
            if not is_same(written / file, synced / file)
        }


def size_of(file: Path) -> int | None:
    return file.stat().st_size if file.exists() else None


def is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and filecmp.cmp(one, other, shallow=False)


def why_no_power_cut() -> str:
    """A sentence that says why no power can be cut here; nothing where it can."""
    try:
        with TemporaryDirectory() as folder, PowerCutDisk(Path(folder)):
            return ""
    except NotStartedError as error:
        return str(error)
