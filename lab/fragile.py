"""One of our listeners that dies (kill -9) whenever it begins on a poisonous message.

python -m lab.fragile PATTERN [options of the listener]
"""

import os
import runpy
import signal
import sys

from lab.parts import POISON
from messaging.listener import Listener
from messaging.takeover import TRIES

handle = Listener.handle


def handle_or_die(self: Listener, line: bytes, failures: int = 0) -> None:
    if POISON.encode() in line and failures < TRIES:
        os.kill(os.getpid(), signal.SIGKILL)
    handle(self, line, failures)


if __name__ == "__main__":
    Listener.handle = handle_or_die  # type: ignore[method-assign]
    pattern = sys.argv.pop(1)
    runpy.run_path(f"listeners/{pattern}.py", run_name="__main__")
