"""A power cut takes exactly what was not synced from plain files."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO, cast

import psutil
import pytest

from starting.disk import Loss, PowerCutDisk
from tests.processes import DEADLINE


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
    process.wait(DEADLINE)
    assert disk.cut().losses == {"/gone": Loss(10, None)}
    assert tree(disk.mountpoint) == {}
