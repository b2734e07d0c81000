"""A listener that kills itself when it takes the poison: python -m lab.fragile PATTERN [options]"""

import os
import signal
import sys
from importlib import import_module

from lab.workloads import POISON
from messaging.receiving.events import Event, Started
from messaging.receiving.script import listen, no_arguments
from patterns import PATTERNS


def die_of_the_poison(event: Event) -> None:
    if isinstance(event, Started) and event.message.body.endswith(POISON):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    name = sys.argv.pop(1)
    script = import_module(f"listeners.{name}")
    options = getattr(script, "add_arguments", no_arguments)
    sys.exit(listen(PATTERNS[name], script.receive, script.__doc__, options, [die_of_the_poison]))
