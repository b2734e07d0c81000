"""What a planted listener knows of itself: how often it was started, and connected."""

import os
import time
from pathlib import Path

FEW = range(4, 8)  # messages of a life: the fourth to the seventh


class Life:
    """One life of a listener; LIVES names a folder with a file for each name."""

    def __init__(self) -> None:
        self.connected = 0  # how often
        self.connected_at = 0.0  # the last time, in seconds since the epoch
        self.told_at = 0.0  # when it had done the last one
        self.handled = 0  # messages in this life
        self.since = 0  # messages since it was connected the last time
        with Path(os.environ["LIVES"], os.environ["NAME"]).open("ab+") as lives:
            lives.write(b".")
            self.number = lives.tell()

    def connect(self) -> None:
        self.connected, self.connected_at, self.since = self.connected + 1, time.time(), 0

    def handle(self) -> None:
        self.handled, self.since = self.handled + 1, self.since + 1

    @property
    def comes(self) -> int:
        """How often it has come, started anew or connected again."""
        return self.number + self.connected - 1

    @property
    def is_back(self) -> bool:
        return self.comes > 1
