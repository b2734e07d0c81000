"""Reads a file while a process writes to it."""

import os
import tempfile
from pathlib import Path

LogFiles = tuple[Path | None, Path | None]  # of stdout and stderr; None: a temporary file
LAST = 1000  # bytes, the longest last line


class Output:
    """The stdout or stderr of one process; lines of earlier ones in the same file are skipped."""

    def __init__(self, path: Path | None = None) -> None:
        self.file = path.open("a+b") if path else tempfile.TemporaryFile("a+b")  # noqa: SIM115
        self._begin = self._size()
        if self._begin and os.pread(self.file.fileno(), 1, self._begin - 1) != b"\n":
            self._begin += os.write(self.file.fileno(), b"\n")  # after the half line of one killed
        self._at_close = ""

    def text(self) -> str:
        """All that was written, also after `close`."""
        if self.file.closed:
            return self._at_close
        length = self._size() - self._begin
        return os.pread(self.file.fileno(), length, self._begin).decode(errors="replace")

    def lines(self) -> list[str]:
        """All whole lines."""
        return self.text().split("\n")[:-1]

    def has_any(self) -> bool:
        return self._size() > self._begin

    def last_line(self) -> str:
        """The last whole line, without reading the whole file."""
        start = max(0, self._size() - LAST)
        whole = os.pread(self.file.fileno(), LAST, start).rpartition(b"\n")[0]
        return whole.rpartition(b"\n")[2].decode(errors="replace")

    def close(self) -> None:
        self._at_close = self.text()
        self.file.close()

    def _size(self) -> int:
        return os.fstat(self.file.fileno()).st_size
