"""Restarts under load: of the web server, of listeners, of Redis by another one that takes over."""

import json
import signal
from collections.abc import Iterator

import psutil
from redis import Redis

from attack.effort import Effort
from attack.target import Target
from patterns import PATTERNS
from starting.parts import own_redis
from starting.process import DEADLINE, wait_until


def restarted_web(target: Target, effort: Effort) -> str:
    """Restart the web's processes by SIGHUP, again and again; each click has its answer."""
    for _ in range(effort.scale):
        before = workers(target)
        target.web.gets(signal.SIGHUP)
        if not wait_until(lambda: len(workers(target) - before) == 2, DEADLINE):  # noqa: B023
            return "no new processes"
    unanswered = target.links.unanswered.total()
    return f"{unanswered} without an answer" if unanswered else ""


def killed_web(target: Target, effort: Effort) -> str:
    """Kill a process of the web server (kill -9), again and again; another takes its place."""
    for _ in range(effort.scale):
        before = workers(target)
        psutil.Process(min(before)).kill()
        if not wait_until(lambda: len(workers(target) & before) < 2 == len(workers(target)), 30):  # noqa: B023
            return "no new process"
    return ""


def workers(target: Target) -> set[int]:
    return {child.pid for child in psutil.Process(target.web.popen.pid).children()}


def restarted_listeners(target: Target, effort: Effort) -> str:
    """Start a listener of each pattern and stop the one before it; each ends with 0."""
    codes = {target.replace(name) for _ in range(effort.scale) for name in PATTERNS}
    return "" if codes == {0} else f"listeners ended with {codes}"


def emptied_redis(target: Target, effort: Effort) -> str:
    """Delete all that Redis holds (FLUSHALL); what was not waiting then is received."""
    for _ in range(effort.scale):
        for line in target.redis.eval(FLUSH, 0):
            message = Message.decode(line)
            target.deleted.add(f"{message.sender}-{message.seq}")
        for name in PATTERNS:
            so_far = len(target.links.sent[name])
            if not wait_until(lambda: target.is_received_after(so_far), DEADLINE):  # noqa: B023
                return f"{name}: nothing more is received"
    return ""


def failed_over(target: Target, effort: Effort) -> str:
    """Let another Redis take over (FAILOVER) and kill the first; nothing is lost."""
    old = target.server
    with TemporaryDirectory(prefix="attack-") as folder:
        new = target.add(own_redis(Path(folder), "--replicaof", f"127.0.0.1 {old.port}"))
        with Redis.from_url(new.url) as other:
            in_step = "other.info('replication')['master_link_status'] == 'up'"
            if not wait_until(lambda: other.info("replication")["master_link_status"] == "up", 30):
                return "the other Redis does not follow"
            target.redis.execute_command("FAILOVER", "TO", "127.0.0.1", str(new.port))
            if not wait_until(lambda: other.info("replication")["role"] == "master", DEADLINE):
                return "the other Redis does not take over"
        wait_until(lambda: False, effort.seconds)
        old.kill()
        target.callback(Proxy(new.port, port=old.port).close)
    return ""
