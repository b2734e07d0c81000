"""Faults of a Redis: each holds inside a with block, and is gone after it."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from redis import Redis, RedisError
from redis.exceptions import ResponseError

from starting.process import DEADLINE, wait_until

PAUSE = 4  # seconds
CUT_APART = 0.5  # seconds
FOREVER = "while true do end"


@contextmanager
def disk_full(redis: Redis) -> Iterator[None]:
    """MISCONF: Redis could not save, so it refuses to write; PING is refused as well."""
    before = _setting(redis, "save")
    in_the_way = Path(_setting(redis, "dir"), _setting(redis, "dbfilename"), "in the way")
    in_the_way.mkdir(parents=True)
    redis.config_set("save", "3600 1")
    redis.bgsave()
    _wait_for(lambda: redis.info("persistence")["rdb_last_bgsave_status"] == "err")
    try:
        yield
    finally:
        redis.config_set("save", before)
        in_the_way.rmdir()
        in_the_way.parent.rmdir()


@contextmanager
def busy(redis: Redis) -> Iterator[None]:
    """BUSY: a script runs for ever, and every other command is refused."""
    redis.config_set("lua-time-limit", 1)  # millisecond, after which it refuses instead of waiting
    # Each with a connection of its own, for a busy Redis takes no new one.
    runner: Redis = redis.client()  # type: ignore[no-untyped-call]
    looker: Redis = redis.client()  # type: ignore[no-untyped-call]
    looker.ping()

    def run() -> None:
        with suppress(RedisError), runner:
            runner.eval(FOREVER, 0)

    threading.Thread(target=run, daemon=True).start()
    _wait_for(lambda: _refuses(looker, "BUSY"))
    try:
        yield
    finally:
        looker.script_kill()
        _wait_for(lambda: not _refuses(looker, "BUSY"))
        looker.close()


@contextmanager
def full(redis: Redis) -> Iterator[None]:
    """OOM: Redis has no memory left for whatever would need some."""
    redis.config_set("maxmemory", 1)
    try:
        yield
    finally:
        redis.config_set("maxmemory", 0)


@contextmanager
def read_only(redis: Redis) -> Iterator[None]:
    """READONLY: Redis follows another one, as after a failover."""
    redis.replicaof("127.0.0.1", 1)  # where nothing is
    try:
        yield
    finally:
        redis.replicaof("NO", "ONE")


@contextmanager
def without(redis: Redis, *rules: str) -> Iterator[None]:
    """NOPERM: the user may not do what ACL rules such as «-ping» take away."""
    _allow(redis, *rules)
    try:
        yield
    finally:
        _allow(redis, "+@all")


@contextmanager
def paused(redis: Redis) -> Iterator[None]:
    """CLIENT PAUSE: Redis answers nobody for a while, not even CLIENT UNPAUSE."""
    redis.client_pause(PAUSE * 1000)
    yield
    _wait_for(redis.ping)


@contextmanager
def cut(redis: Redis) -> Iterator[None]:
    """CLIENT KILL: Redis closes every connection but this one, again and again."""
    over, killed = threading.Event(), Counter[str]()

    def go_on() -> None:
        other: Redis = redis.client()  # type: ignore[no-untyped-call] # with a connection of its own
        while not over.wait(CUT_APART):
            for kind in ("normal", "pubsub"):
                killed[kind] += other.client_kill_filter(_type=kind, skipme=True)
        other.close()

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
        _wait_for(lambda: killed["normal"] and killed["pubsub"])
    finally:
        over.set()
        thread.join(DEADLINE)


def _allow(redis: Redis, *rules: str) -> None:
    redis.execute_command("ACL", "SETUSER", "default", *rules)  # type: ignore[no-untyped-call]


def _setting(redis: Redis, name: str) -> str:
    return str(redis.config_get(name)[name])


def _wait_for(condition: Callable[[], object]) -> None:
    """Wait until a fault holds, or is over: a fault that never was would prove nothing."""
    if not wait_until(condition, DEADLINE):
        raise TimeoutError("Redis does not have the fault that it was to have.")


def _refuses(redis: Redis, how: str) -> bool:
    try:
        redis.ping()
    except ResponseError as error:
        return str(error).startswith(how)
    return False
