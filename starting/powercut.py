"""A file system that keeps only what was synced: `python -m starting.powercut FOLDER MOUNTPOINT`.

Programs use MOUNTPOINT. What they do there is in FOLDER/written at once; only an fsync brings it to
FOLDER/synced. The end of this process is the power cut, whatever ends it: FOLDER/synced is what is
left, and what the next start begins with. SIGTERM also unmounts. Each sync is printed: when, in
seconds since the epoch, up to which byte, and of which file.

A real disk may keep more; this one keeps the least that ext4 and XFS promise:
- The bytes and the length of a file are kept by an fsync or fdatasync of that file, and by nothing
  else: not by time, close, rename or sync(1).
- A file or folder that was created, renamed or removed is kept so, in the order in which that
  happened, by the next fsync of any file or folder, as their journals do it.
- So a file that has a name and was never synced itself is there and empty.
There are no links, modes and times are not changed, and this machine itself must stay up.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

NEEDED = "A power cut needs FUSE (/dev/fuse, apt install fuse3, pip install mfusepy)"


class Disk:
    """The operations that FUSE calls, one at a time; paths begin with a slash."""

    use_ns = True  # times are whole nanoseconds

    def __init__(self, folder: str) -> None:
        self._written, self._synced = f"{folder}/written", f"{folder}/synced"
        os.makedirs(self._synced, exist_ok=True)
        shutil.rmtree(self._written, ignore_errors=True)
        shutil.copytree(self._synced, self._written)
        self._unsynced_names: list[tuple[Callable[..., None], tuple[str, ...]]] = []
        self._unsynced_from: dict[int, int] = {}  # the first such byte, by the inode in «written»

    def init(self, _path: str) -> None:
        """Let SIGTERM come: it is mounted, and libfuse knows how to unmount it."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def fsync(self, path: str, _datasync: int, fh: int) -> None:
        """Keep all names, and the bytes of this file."""
        self.fsyncdir()
        end, inode = os.stat(fh).st_size, os.stat(fh).st_ino
        begin = self._unsynced_from.get(inode, end)
        with open(self._written + path, "rb") as source, open(self._synced + path, "r+b") as target:
            source.seek(begin)
            target.seek(begin)
            shutil.copyfileobj(source, target)
            target.truncate(end)
        self._unsynced_from.pop(inode, None)
        print(f"{time.time():.6f} {end} {path}", flush=True)

    def fsyncdir(self, *_: Any) -> None:
        """Keep all names."""
        while self._unsynced_names:
            change, paths = self._unsynced_names.pop(0)
            change(*(self._synced + path for path in paths))

    def write(self, _path: str, data: bytes, offset: int, fh: int) -> int:
        self._changes(fh, offset)
        return os.pwrite(fh, data, offset)

    def truncate(self, path: str, length: int) -> None:
        self._changes(self._written + path, min(length, os.stat(self._written + path).st_size))
        os.truncate(self._written + path, length)

    def create(self, path: str, mode: int) -> int:
        self._rename(partial(os.mknod, mode=mode), path)
        return self.open(path, os.O_RDWR | os.O_TRUNC)

    def mkdir(self, path: str, mode: int) -> None:
        self._rename(partial(os.mkdir, mode=mode), path)

    def rename(self, old: str, new: str) -> None:
        self._rename(os.rename, old, new)

    def unlink(self, path: str) -> None:
        self._rename(os.unlink, path)

    def rmdir(self, path: str) -> None:
        self._rename(os.rmdir, path)

    def open(self, path: str, flags: int) -> int:
        if flags & os.O_TRUNC:
            self._changes(self._written + path, 0)
        return os.open(self._written + path, flags & ~os.O_APPEND)  # pwrite would always append

    def read(self, _path: str, size: int, offset: int, fh: int) -> bytes:
        return os.pread(fh, size, offset)

    def release(self, _path: str, fh: int) -> None:
        os.close(fh)

    def readdir(self, path: str, _fh: int) -> list[str]:
        return [".", "..", *os.listdir(self._written + path)]

    def getattr(self, path: str, _fh: int | None = None) -> dict[str, int]:
        found = os.lstat(self._written + path)
        names = ("st_mode", "st_nlink", "st_size", "st_uid", "st_gid")
        return {"st_mtime": found.st_mtime_ns} | {name: getattr(found, name) for name in names}

    def _changes(self, file: int | str, begin: int) -> None:
        """Note that the bytes of a file change from here on."""
        inode = os.stat(file).st_ino
        self._unsynced_from[inode] = min(begin, self._unsynced_from.get(inode, begin))

    def _rename(self, change: Callable[..., None], *paths: str) -> None:
        """Change names now where programs look, and with the next sync on the disk."""
        change(*(self._written + path for path in paths))
        self._unsynced_names.append((change, paths))


def main() -> None:
    folder, mountpoint = sys.argv[1:]
    try:
        from mfusepy import FUSE
    except (ImportError, OSError) as error:  # no package, or no library
        sys.exit(f"{NEEDED}: {error}.")
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        FUSE(Disk(folder), mountpoint, foreground=True, nothreads=True)
    except RuntimeError:  # libfuse has written why
        sys.exit(NEEDED)


if __name__ == "__main__":
    main()
