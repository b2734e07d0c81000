"""The folder of a comparison's raw lines: locked, and emptied only when the lab made it."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OURS = "made-by-the-lab"  # a file that marks the folder as the lab's


class NoFolderError(Exception):
    """The folder cannot be used; the message says why."""


@contextmanager
def folder_for(results: Path) -> Iterator[Path]:
    """Remove the last comparison's raw lines, and lock the empty folder while inside."""
    raw = results / "raw"
    try:
        raw.mkdir(parents=True, exist_ok=True)
        if any(raw.iterdir()) and not (raw / OURS).exists():
            raise NoFolderError(f"{raw} has files in it that are not the lab's. Name another one.")
        with (raw / OURS).open("w") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (results / "summary.json").unlink(missing_ok=True)
            for path in raw.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
            yield raw
    except BlockingIOError:
        raise NoFolderError(f"Another comparison writes to {results} just now.") from None
    except OSError as error:
        raise NoFolderError(f"{results} cannot be used: {error.strerror}.") from error
