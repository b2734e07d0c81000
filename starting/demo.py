"""Starts a Redis if none answers, the web server, and two listeners of each named pattern.

./scripts/demo starts queue and channel; for others, name them: ./scripts/demo reliable stream
"""

import contextlib
import socket
import sys
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from redis import RedisError

from messaging import connection
from messaging.sentinel_url import is_of_sentinels
from messaging.settings import HOST, PORT, REDIS_URL, address
from patterns import FIRST_TWO, PATTERNS
from starting.children import Children, StopAskedError
from starting.parts import WEB, find_server, listener_command, server_command
from starting.ports import is_open, listens
from starting.process import NotStartedError, spawn

# Where a browser on this machine finds the web server, also when HOST means all addresses.
WEB_HOST = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(HOST, HOST)  # noqa: S104
WEB_URL = f"http://[{WEB_HOST}]:{PORT}" if ":" in WEB_HOST else f"http://{WEB_HOST}:{PORT}"
START_WITHIN = 20  # seconds
RESTART_AFTER = 2  # seconds after which a Redis of ours that ended starts again
PORT_IN_USE = (
    f"Port {PORT} of {HOST} is in use: stop what uses it, or take another one, "
    f"as with PORT={PORT + 1 if PORT < 65_535 else 5000}."
)


def main(arguments: list[str]) -> int:
    """Start the named parts, wait until stopped, and leave no process behind."""
    children = Children(tell)
    with tempfile.TemporaryDirectory(prefix="queue-or-channel-") as folder:
        try:
            run(read_parts(arguments), children, folder)
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
            children.stop(*children.running() - {"redis"})
            children.stop("redis")
    return 0


def run(parts: list[str], children: Children, folder: str) -> None:
    """Start these parts, and wait while any runs; a Redis of ours that ended starts again."""
    if "web" in parts and web_answers():
        raise NotStartedError(PORT_IN_USE)
    if "redis" in parts:
        start_redis(children, folder)
    for pattern in PATTERNS:
        if pattern in parts:
            for name in (f"{pattern}-1", f"{pattern}-2"):
                children.add(name, spawn(listener_command(pattern, "--name", name)))
    invitation = ""
    if "web" in parts:
        web = spawn(WEB)
        children.add("web", web)
        # At the same moment another demo may have taken the port: then that one answers.
        is_ours = partial(listens, PORT, web.pid)
        if not children.wait_until(is_ours, START_WITHIN, needs="web"):
            raise NotStartedError("The web did not start: the lines above say why.")
        invitation = f"Open {WEB_URL}{columns(parts)} and click. "
    tell(f"{invitation}Ctrl-C here stops everything.")
    while children.running():
        children.wait(RESTART_AFTER)
        # One that another demo has started leaves with that demo.
        if "redis" in parts and "redis" not in children.running() and may_start_redis():
            children.wait(RESTART_AFTER)
            start_redis(children, folder)


def columns(parts: list[str]) -> str:
    """The front page's query that shows the patterns whose listeners we started."""
    left, right = [*(p for p in PATTERNS if p in parts), *FIRST_TWO][:2]
    return "" if (left, right) == FIRST_TWO or left == right else f"/?left={left}&right={right}"


def read_parts(arguments: list[str]) -> list[str]:
    """The names of the parts to start; raises NotStartedError."""
    known = ("redis", "web", *PATTERNS)
    if unknown := [one for one in arguments if one not in known]:
        raise NotStartedError(f"There is no {unknown[0]} to start, only {', '.join(known)}.")
    everything = not {"redis", "web"} & set(arguments)
    return [*(("redis", "web") if everything else ()), *(arguments or FIRST_TWO)]


def start_redis(children: Children, folder: str) -> None:
    """Start a Redis for REDIS_URL, unless one answers there."""
    where = address(REDIS_URL)
    if redis_answers():
        tell(f"Redis is at {where} already.")
        return
    if not is_for_us():
        raise NotStartedError(f"No Redis answers at {where}, and it is not for us to start it.")
    port = urlsplit(REDIS_URL).port or 6379
    children.add("redis", spawn(server_command(find_server(), port, folder)))
    if not children.wait_until(redis_answers, START_WITHIN, needs="redis"):
        log = Path(folder, "redis.log")
        said = log.read_text().strip().splitlines()[-1:] if log.exists() else []
        raise NotStartedError(" ".join([f"The Redis that was started at {where} failed.", *said]))
    tell(f"Redis started at {where}; it keeps nothing when it stops.")


def is_for_us() -> bool:
    """Whether we may start a Redis for REDIS_URL: one of this machine, without a password."""
    if is_of_sentinels(REDIS_URL):
        return False
    url = urlsplit(REDIS_URL)
    is_here = url.scheme == "redis" and url.hostname in ("localhost", "127.0.0.1", "::1")
    return is_here and not url.password


def may_start_redis() -> bool:
    """Whether nothing answers where we may start a Redis; one that refuses us is there."""
    with contextlib.suppress(NotStartedError):
        return is_for_us() and not redis_answers()
    return False


def redis_answers() -> bool:
    """Whether a Redis answers; raises NotStartedError when it answers but cannot be used."""
    try:
        return bool(connection.connect().ping())
    except RedisError as error:
        cause = error.__context__
        if isinstance(cause, OSError) and not isinstance(cause, socket.gaierror):
            return False
        raise NotStartedError(connection.explain(error)) from error


def web_answers() -> bool:
    """Whether something accepts connections at the web server's address."""
    return is_open(PORT, WEB_HOST)


def tell(text: str) -> None:
    """Print a line like those of the listeners and the web server."""
    clock = datetime.now().strftime("%H:%M:%S.%f")[:-3]
    print(f"{clock}  {'demo':<14}  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
