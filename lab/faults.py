"""What is done to a run by force."""

import signal
import time
from contextlib import suppress

from redis import RedisError

from lab.run import Run
from starting.ports import local_ports


def cut_connections(run: Run) -> None:
    """CLIENT KILL for those of the listeners and the producer, and for nobody else's."""
    parts = [*run.listeners.values(), run.producer()]
    ports = {port for part in parts for pid in part.members() for port in local_ports(pid)}
    for client in run.redis.client_list():
        if int(client["addr"].rpartition(":")[2]) in ports:
            with suppress(RedisError):  # it has gone by itself
                run.redis.client_kill(client["addr"])


def subscribers(run: Run) -> int:
    """How many clients are subscribed to the channel."""
    return int(run.redis.pubsub_numsub(run.pattern.place)[0][1])


def revive(run: Run, within: float, enough: int) -> int:
    """Start each listener again that dies, until all is done or so many died; how many did."""
    deaths, deadline = 0, time.monotonic() + within
    while time.monotonic() < deadline and deaths < enough:
        for name, listener in list(run.listeners.items()):
            if listener.popen.poll() == -signal.SIGKILL:
                deaths += 1
                run.goes_away(name)
                run.start(name, fragile=True)
                run.wait_for(name)
        if not run.left() and run.is_quiet():
            break
    run.drain(1)
    return deaths
