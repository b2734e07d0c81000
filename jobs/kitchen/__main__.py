"""Runs the kitchen with threads, or over Redis with processes: ./scripts/kitchen [--redis]"""

import os
import sys
from contextlib import suppress

from jobs.kitchen.options import read_options
from jobs.kitchen.show import Show


def main() -> int:
    """Return the exit code; nothing of the kitchen runs any longer."""
    options = read_options()
    show = Show(options)  # from here on, Ctrl-C and SIGTERM close the kitchen
    if options.redis:
        from jobs.kitchen.processes import run  # which needs redis-py
    else:
        from jobs.kitchen.threads import run
    try:
        return run(options, show)
    except OSError as error:  # whoever reads our lines has gone, as in ./scripts/kitchen | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        with suppress(OSError):
            print(f"Cannot go on: {error.strerror}.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
