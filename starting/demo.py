"""Starts a Redis if none answers, the web server, and two listeners of each named pattern.

./scripts/demo starts queue and channel; for others, name them: ./scripts/demo reliable stream
./scripts/demo jobs starts the workers of each way to have work done; ./scripts/demo celery some.
The page of this web may ask for more, for less, and for trouble: starting/stage.
"""

import contextlib
import sys
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path

from messaging.settings import HOST, PORT
from patterns import PATTERNS
from starting.children import Children, StopAskedError
from starting.choice import commands_of_work, page_of, read_parts
from starting.own_redis import NAME, START_WITHIN, OwnRedis
from starting.parts import WEB
from starting.ports import is_open, listens
from starting.process import NotStartedError, spawn
from starting.stage.acts import Acts

# Where a browser on this machine finds the web server, also when HOST means all addresses.
WEB_HOST = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(HOST, HOST)  # noqa: S104
WEB_URL = f"http://[{WEB_HOST}]:{PORT}" if ":" in WEB_HOST else f"http://{WEB_HOST}:{PORT}"
LOOK_EACH = 1.0  # second between two looks at what there is
AT_FIRST = 2  # listeners of each pattern
PORT_IN_USE = (
    f"Port {PORT} of {HOST} is in use: stop what uses it, or take another one, "
    f"as with PORT={PORT + 1 if PORT < 65_535 else 5000}."
)


def main(arguments: list[str]) -> int:
    """Start the named parts, wait until stopped, and leave no process behind."""
    children = Children(tell)
    with tempfile.TemporaryDirectory(prefix="queue-or-channel-") as folder:
        redis = OwnRedis(children, Path(folder), tell)
        acts = Acts(children, redis, tell)
        try:
            run(read_parts(arguments), children, redis, acts, Path(folder))
        except OSError as error:  # the terminal that reads our lines is closed
            with contextlib.suppress(OSError):
                print(f"Cannot go on: {error.strerror}.", file=sys.stderr)
            return 1
        except StopAskedError:
            with contextlib.suppress(OSError):  # the terminal may be closed
                tell("Stopping the web and the listeners, then Redis.")
        except NotStartedError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            acts.end()
            children.stop(*children.running() - {NAME})
            acts.close()
            children.stop(NAME)
    return 0


def run(parts: list[str], children: Children, redis: OwnRedis, acts: Acts, folder: Path) -> None:
    """Start these parts, and wait while any runs; a Redis of ours that ended starts again."""
    if "web" in parts and web_answers():
        raise NotStartedError(PORT_IN_USE)
    if "redis" in parts:
        redis.start()
    of_web = acts.open() if "web" in parts else {}
    for pattern in PATTERNS:
        if pattern in parts:
            acts.cast.start_first(pattern, AT_FIRST)
    for name, command in commands_of_work(parts, folder).items():
        children.add(name, spawn(command))
    invitation = ""
    if "web" in parts:
        web = spawn(WEB, of_web)
        children.add("web", web)
        # At the same moment another demo may have taken the port: then that one answers.
        is_ours = partial(listens, PORT, web.pid)
        if not children.wait_until(is_ours, START_WITHIN, needs="web"):
            raise NotStartedError("The web did not start: the lines above say why.")
        invitation = f"Open {WEB_URL}{page_of(parts)} and click. "
    tell(f"{invitation}Ctrl-C here stops everything.")
    while children.running():
        acts.carry_out_all()
        children.wait(LOOK_EACH)
        if "redis" in parts:
            redis.start_again()


def web_answers() -> bool:
    """Whether something accepts connections at the web server's address."""
    return is_open(PORT, WEB_HOST)


def tell(text: str) -> None:
    """Print a line like those of the listeners and the web server."""
    clock = datetime.now().strftime("%H:%M:%S.%f")[:-3]
    print(f"{clock}  {'demo':<14}  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
