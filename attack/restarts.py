"""Restarts under load: of the web server, of listeners, and of Redis, which loses or hands over."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from redis import Redis

from attack.effort import Effort
from attack.target import Target
from messaging.message import Message
from messaging.settings import KEY_PREFIX
from patterns import PATTERNS
from starting.parts import own_redis
from starting.process import DEADLINE, wait_until
from starting.proxy import Proxy

# Deletes all, in one step with reading every line that was in a list or stream. Returns for each
# line two things: its key, and the line.
EMPTY = """
local lines = {}
local function add(key, line)
  table.insert(lines, key)
  table.insert(lines, line)
end
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'list' then
    for _, line in ipairs(redis.call('LRANGE', key, 0, -1)) do add(key, line) end
  elseif kind == 'stream' then
    for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
      add(key, entry[2][2])
    end
  end
end
redis.call('FLUSHALL')
return lines
"""


def restarted_web(target: Target, effort: Effort) -> str:
    """Restart the processes of the web server (SIGHUP), again and again; each click is answered."""
    for _ in range(effort.scale):
        before = workers(target)
        psutil.Process(target.web.popen.pid).send_signal(1)
        must(lambda: not workers(target) & before and len(workers(target)) == 2)  # noqa: B023
    unanswered = target.links.unanswered.total()
    return f"{unanswered} without an answer" if unanswered else ""


def killed_web(target: Target, effort: Effort) -> str:
    """Kill a process of the web server (kill -9), again and again; another takes its place."""
    for _ in range(effort.scale):
        before = workers(target)
        psutil.Process(min(before)).kill()
        must(lambda: min(before) not in workers(target) and len(workers(target)) == 2)  # noqa: B023
        wait_until(lambda: False, effort.seconds / effort.scale)
    return ""


def workers(target: Target) -> set[int]:
    return {child.pid for child in psutil.Process(target.web.popen.pid).children()}


def restarted_listeners(target: Target, effort: Effort) -> str:
    """Start one more listener of each pattern and stop the one before it; each ends with 0."""
    codes = {target.replace(name) for _ in range(effort.scale) for name in PATTERNS}
    return "" if codes == {0} else f"listeners ended with {codes}"


def emptied_redis(target: Target, effort: Effort) -> str:
    """Delete all that Redis holds (FLUSHALL), again and again; all else is received."""
    for _ in range(effort.scale):
        empty(target)
        for name in PATTERNS:
            later = len(target.links.sent[name])
            must(lambda: target.has_received(name, target.links.sent[name][later:]))  # noqa: B023
    return ""


def empty(target: Target) -> None:
    """Delete all that Redis holds, and keep which messages of which pattern that were."""
    told = iter(target.redis.eval(EMPTY, 0))
    for key, line in zip(told, told, strict=True):
        name = key.decode().removeprefix(KEY_PREFIX).partition(":")[0]
        if name in PATTERNS and (id_ := Message.decode(line).id):
            target.deleted[name].add(id_)


def failed_over(target: Target, effort: Effort) -> str:
    """Let another Redis take over (FAILOVER), then kill the first one; nothing is lost."""
    old = target.server
    folder = Path(target.enter_context(TemporaryDirectory(prefix="attack-")))
    new = target.add(own_redis(folder, "--replicaof", f"127.0.0.1 {old.port}"))
    other = target.enter_context(Redis.from_url(new.url))
    must(lambda: target.redis.info("replication").get("slave0", {}).get("state") == "online")
    target.redis.execute_command("FAILOVER", "TO", "127.0.0.1", str(new.port))
    must(lambda: other.info("replication")["role"] == "master")
    wait_until(lambda: False, effort.seconds)
    old.kill()
    target.callback(Proxy(new.port, port=old.port).close)
    return ""


def must(condition: Callable[[], object]) -> None:
    """Wait until an attack has had its effect: one that had none would prove nothing."""
    if not wait_until(condition, DEADLINE):
        raise TimeoutError("The attack had no effect.")
