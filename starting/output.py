"""Reads a file while a process writes to it."""

import os
import tempfile
from pathlib import Path

LogFiles = tuple[Path | None, Path | None]  # of stdout and stderr; None: a temporary file
LAST = 1000  # bytes, the longest last line


class Output:
    """The stdout or stderr of one process. One thread reads it.

    Lines of earlier processes in the same file are skipped.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.file = path.open("a+b") if path else tempfile.TemporaryFile("a+b")  # noqa: SIM115
        self._is_named = path is not None
        self._begin = self._read = self._size()
        self._lines: list[str] = []
        self._rest = b""

    def lines(self) -> list[str]:
        """All whole lines, each with its newline."""
        if not self.file.closed:
            chunk = os.pread(self.file.fileno(), self._size() - self._read, self._read)
            self._read += len(chunk)
            *whole, self._rest = (self._rest + chunk).split(b"\n")
            self._lines += [f"{line.decode(errors='replace')}\n" for line in whole]
        return self._lines

    def text(self) -> str:
        """All that was written, with an unfinished line."""
        return "".join(self.lines()) + self._rest.decode(errors="replace")

    def has_any(self) -> bool:
        return self._size() > self._begin

    def last_line(self) -> str:
        """The last whole line, without reading the whole file."""
        start = max(0, self._size() - LAST)
        whole = os.pread(self.file.fileno(), LAST, start).rpartition(b"\n")[0]
        return whole.rpartition(b"\n")[2].decode()

    def close(self) -> None:
        """Close the file. A temporary one is read to its end before, since it is gone then."""
        if not self._is_named:
            self.lines()
        self.file.close()

    def _size(self) -> int:
        return os.fstat(self.file.fileno()).st_size
