"""Runs one of our listeners, which kills itself (SIGKILL) when it takes the poison.

python -m lab.fragile PATTERN [options of the listener]
"""

import os
import runpy
import signal
import sys

from messaging.message import Message
from messaging.receiving import script
from messaging.receiving.observer import Observer

POISON = "poison"  # the body of the message


class Fragile(Observer):
    def taken(self, message: Message) -> None:
        if message.body == POISON:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    script.OBSERVERS.append(Fragile())
    pattern = sys.argv.pop(1)
    runpy.run_path(f"listeners/{pattern}.py", run_name="__main__")
