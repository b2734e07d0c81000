"""A power cut takes exactly what was not synced: from plain files, and from Redis."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, cast

import psutil
import pytest
from redis import Redis, RedisError

from starting.disk import MOUNTS, Cut, Loss, PowerCutDisk, why_no_power_cut
from starting.parts import RedisServer
from starting.ports import free_port
from starting.powercut import NEEDED
from starting.process import NotStartedError
from tests.processes import Process, eventually

WITHIN = 8  # seconds; Redis syncs each second
HOLDER = """
import pathlib, sys, time
from starting.disk import PowerCutDisk
from starting.parts import own_redis
with PowerCutDisk(pathlib.Path(sys.argv[1])) as disk:
    own_redis(disk.mountpoint, "--appendonly", "yes")
    print("Ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def can_cut() -> None:
    """Skips the tests at home where there is no FUSE; in CI it must be there."""
    if reason := why_no_power_cut():
        assert not os.environ.get("CI"), reason
        pytest.skip(reason)


@pytest.fixture
def disk(can_cut: None, tmp_path: Path) -> Iterator[PowerCutDisk]:
    with PowerCutDisk(tmp_path / ".." / tmp_path.name) as disk:  # a roundabout way is one, too
        yield disk
    assert str(tmp_path) not in MOUNTS.read_text()


def sync(path: Path) -> None:
    """Sync a file or a folder by its name."""
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.close(file)


def tree(top: Path) -> dict[str, str]:
    """The files below a folder, with what is in them."""
    files = [path for path in top.rglob("*") if path.is_file()]
    return {str(path.relative_to(top)): path.read_text() for path in files}


def test_what_was_synced_is_there_and_what_was_not_is_gone(disk: PowerCutDisk) -> None:
    kept, gone = disk.mountpoint / "kept", disk.mountpoint / "gone"
    before = time.time()
    with kept.open("w") as file:
        file.write("synced")
        file.flush()
        os.fdatasync(file.fileno())
        file.write(", and not synced")
    gone.write_text("closed, and not synced")
    assert tree(disk.mountpoint) == {
        "kept": "synced, and not synced",
        "gone": "closed, and not synced",
    }
    cut = disk.cut()
    assert tree(disk.mountpoint) == {"kept": "synced"}
    assert cut.losses == {"/kept": Loss(22, 6), "/gone": Loss(22, None)}
    (told,) = disk.syncs("/kept")
    assert (told.size, told.path) == (6, "/kept")
    assert cut.synced == {"/kept": told}
    assert before < told.at == disk.synced_at("*") < cut.at < time.time()


def test_names_are_kept_in_their_order_by_any_sync_and_bytes_only_by_their_own(
    disk: PowerCutDisk,
) -> None:
    top = disk.mountpoint
    (top / "folder").mkdir()
    (top / "folder" / "first").write_text("never synced itself")
    (top / "folder" / "first").rename(top / "folder" / "second")
    (top / "removed").write_text("")
    sync(top / "removed")
    (top / "removed").unlink()
    sync(top)
    (top / "folder" / "second").rename(top / "third")
    (top / "folder").rmdir()
    (top / "late").mkdir()
    disk.cut()
    assert tree(top) == {"folder/second": ""}
    assert [path.name for path in top.iterdir()] == ["folder"]


def overwrite(file: TextIO) -> None:
    file.seek(4)
    file.write("xx")


def shorten(file: TextIO) -> None:
    file.truncate(4)


def stretch(file: TextIO) -> None:
    """What was cut off does not come back with the length."""
    file.truncate(4)
    file.truncate(6)


@pytest.mark.parametrize(
    ("mode", "change", "changed"),
    [
        ("r+", overwrite, "0123xx6789"),
        ("r+", shorten, "0123"),
        ("r+", stretch, "0123\0\0"),
        ("w", overwrite, "\0\0\0\0xx"),
    ],
)
def test_a_change_is_gone_unless_it_was_synced(
    disk: PowerCutDisk, mode: str, change: Callable[[TextIO], None], changed: str
) -> None:
    file = disk.mountpoint / "file"
    file.write_text("0123456789")
    sync(file)
    for is_synced in (False, True):
        with cast(TextIO, file.open(mode)) as opened:
            change(opened)
        assert file.read_text() == changed
        if is_synced:
            sync(file)
        disk.cut()
        assert file.read_text() == (changed if is_synced else "0123456789")


def test_a_killed_file_system_is_a_power_cut_too_and_leaves_no_mount(disk: PowerCutDisk) -> None:
    (disk.mountpoint / "gone").write_text("not synced")
    commands = {one: one.cmdline() for one in psutil.Process().children()}
    (process,) = [one for one, words in commands.items() if str(disk.mountpoint) in words]
    process.kill()
    process.wait(WITHIN)
    assert disk.cut().losses == {"/gone": Loss(10, None)}
    assert tree(disk.mountpoint) == {}


@dataclass(frozen=True)
class Written:
    """A number that Redis has acknowledged."""

    number: int
    sent: float
    acknowledged: float


class Machine:
    """A Redis on a disk, one client that writes numbers, and the power of both."""

    def __init__(self, start: Callable[..., Any], disk: PowerCutDisk, policy: str) -> None:
        self.disk, self.written = disk, list[Written]()
        self._start, self._aof = start, ("--appendonly", "yes", "--appendfsync", policy)
        self.power_up()

    def power_up(self) -> None:
        self.server: RedisServer = self._start(
            RedisServer, free_port(), self.disk.mountpoint, *self._aof
        )
        self.redis = Redis.from_url(self.server.url)

    def write(self) -> None:
        sent, number = time.time(), len(self.written)
        self.redis.rpush("numbers", number)
        self.written.append(Written(number, sent, time.time()))

    def writes_until(self, condition: Callable[[], object]) -> None:
        """Write about a hundred numbers a second until this holds."""

        def has_come() -> bool:
            self.write()
            return bool(condition())

        eventually(has_come, WITHIN)

    def freezes_with_unsynced(self, count: int) -> bool:
        """Freeze Redis if it has so many numbers after its last sync; it may sync meanwhile."""

        def has_enough() -> bool:
            last = self.disk.synced_at()
            return sum(one.sent > last for one in self.written[-count:]) == count

        if has_enough():
            self.server.gets(signal.SIGSTOP)
            if has_enough():
                return True
            self.server.gets(signal.SIGCONT)
        return False

    def power_cut(self) -> Cut:
        return self.disk.cut(self.server)

    def kept(self) -> int:
        """After a power cut: how many numbers Redis still has; they are the first ones."""
        self.power_up()
        numbers: Any = self.redis.lrange("numbers", 0, -1)
        assert [int(number) for number in numbers] == list(range(len(numbers)))
        return len(numbers)


def test_redis_that_syncs_always_loses_nothing_that_it_acknowledged(
    start: Callable[..., Any], disk: PowerCutDisk
) -> None:
    machine = Machine(start, disk, "always")

    def writes() -> None:
        with suppress(RedisError):
            while True:
                machine.write()

    writer = threading.Thread(target=writes)
    writer.start()
    eventually(lambda: len(machine.written) > 200, WITHIN)
    disk.cut()  # in the middle of a write; Redis sees it, and may acknowledge nothing more
    machine.server.kill()
    writer.join()
    acknowledged = len(machine.written)
    assert machine.kept() in (acknowledged, acknowledged + 1)  # one had no answer


def test_redis_that_syncs_every_second_loses_what_it_wrote_after_the_last_sync(
    start: Callable[..., Any], disk: PowerCutDisk
) -> None:
    machine = Machine(start, disk, "everysec")
    machine.writes_until(lambda: len(disk.syncs()) > 1 and machine.freezes_with_unsynced(10))
    cut = machine.power_cut()
    *_, before, last = disk.syncs()
    aof = disk.mountpoint / last.path[1:]
    loss = cut.losses[last.path]
    assert loss.kept == last.size == aof.stat().st_size < (loss.written or 0)
    entire = aof.read_bytes().count(b"RPUSH")
    kept = machine.kept()
    assert kept == entire
    # Redis writes later what it gets while it syncs, so the sync before is the limit of these.
    assert all(one.number < kept for one in machine.written if one.acknowledged < before.at)
    assert all(one.number >= kept for one in machine.written if one.sent > last.at)
    gone = machine.written[kept:]
    assert len(gone) >= 10
    assert gone[-1].acknowledged - gone[0].acknowledged < 2


def test_redis_that_never_syncs_loses_all_since_its_start(
    start: Callable[..., Any], disk: PowerCutDisk
) -> None:
    machine = Machine(start, disk, "no")
    machine.writes_until(lambda: time.time() > machine.written[0].sent + 1.5)
    machine.power_cut()
    assert disk.synced_at() == 0
    assert machine.kept() == 0


def test_redis_keeps_what_it_rewrote_and_a_second_cut_takes_the_rest(
    start: Callable[..., Any], disk: PowerCutDisk
) -> None:
    machine = Machine(start, disk, "no")
    for _ in range(50):
        machine.write()
    machine.redis.bgrewriteaof()
    eventually(lambda: not machine.redis.info("persistence")["aof_rewrite_in_progress"], WITHIN)
    machine.power_cut()
    assert machine.kept() == 50
    machine.write()
    machine.power_cut()
    assert machine.kept() == 50


def test_no_mount_stays_behind_when_its_owner_is_killed(
    can_cut: None, start: Callable[..., Any], tmp_path: Path
) -> None:
    holder: Process = start(Process, [sys.executable, "-c", HOLDER, tmp_path])
    holder.says("Ready")
    assert str(tmp_path) in MOUNTS.read_text()
    holder.gets(signal.SIGKILL)
    eventually(lambda: str(tmp_path) not in MOUNTS.read_text(), WITHIN)


def test_where_there_is_no_fuse_a_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FUSE_LIBRARY_PATH", str(tmp_path / "none"))
    assert why_no_power_cut().startswith(NEEDED)
    with pytest.raises(NotStartedError, match="pip install mfusepy"), PowerCutDisk(tmp_path):
        pass
