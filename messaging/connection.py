"""The connection to Redis: its timeouts, and what its errors mean."""

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from redis import Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import MasterNotFoundError

from messaging.sentinel import NotKnownError, connect_to_primary
from messaging.sentinel_url import is_of_sentinels, read_sentinel_url
from messaging.settings import REDIS_URL, address, reached_at

CONNECT_WITHIN = 0.5  # seconds, for each address of the host
REPLY_WITHIN = 1.0  # second; also for each Sentinel
BLOCK = 1  # second that a listener waits for a message before it checks its stop flag
# TCP detects a peer that vanished after 5 + 3 × 2 seconds.
KEEPALIVE = {socket.TCP_KEEPIDLE: 5, socket.TCP_KEEPINTVL: 2, socket.TCP_KEEPCNT: 3}

NOT_LET_IN = (exceptions.AuthenticationError, exceptions.AuthorizationError)
# Redis refused, so nothing was carried out. (redis-py counts some of these as lost connections.)
REFUSED = (*NOT_LET_IN, exceptions.ResponseError, exceptions.BusyLoadingError)
# These refusals and STAYING last until a person acts; all others may pass, as in a failover.
NOT_ALLOWED = (*NOT_LET_IN, exceptions.NoPermissionError)
STAYING = ("WRONGTYPE", "unknown command", "DB index")  # what these errors have


def connect(reply_within: float = REPLY_WITHIN, connections: int | None = None) -> Redis:
    """Return a client of the Redis at REDIS_URL, which connects on first use.

    `reply_within` is in seconds. The client never repeats a command: when a reply is lost, nobody
    knows whether Redis carried the command out. It tells Redis nothing about itself either, which
    a user may be forbidden (CLIENT SETINFO).
    """
    of_all: dict[str, Any] = {
        "socket_connect_timeout": CONNECT_WITHIN,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
        "driver_info": None,
    }
    of_redis = {**of_all, "socket_timeout": reply_within, "max_connections": connections}
    if not REDIS_URL.startswith("unix:"):
        of_redis |= {"socket_keepalive": True, "socket_keepalive_options": KEEPALIVE}
    if is_of_sentinels(REDIS_URL):
        of_sentinels = {**of_all, "socket_timeout": REPLY_WITHIN}
        return connect_to_primary(read_sentinel_url(REDIS_URL), of_sentinels, of_redis)
    return Redis.from_url(reached_at(REDIS_URL), **of_redis)


def as_bytes(reply: bytes | str) -> bytes:
    """Return a reply typed as bytes: our clients decode nothing, but redis-py's types allow str."""
    return reply  # type: ignore[return-value]


def as_texts(names: Iterable[bytes | str]) -> list[str]:
    """Return those of the names in Redis that are text; others are not of this project."""
    found = []
    for name in map(as_bytes, names):
        with suppress(UnicodeDecodeError):
            found.append(name.decode())
    return found


def as_number(reply: bytes | str | None) -> int:
    """Return the number that a reply writes; 0 without one, or where it writes something else."""
    return int(reply) if reply and re.fullmatch(rb"[0-9]{1,15}", as_bytes(reply)) else 0


def explain(error: Exception) -> str:
    """Return one sentence that tells a person what is wrong with Redis."""
    cause, where = error.__context__, f"Redis at {address(REDIS_URL)}"
    match error:
        case MasterNotFoundError():
            return str(error)
        case exceptions.AuthenticationError() | exceptions.AuthorizationError():
            return f"{where} and the password in REDIS_URL do not fit: {error}"
        case exceptions.BusyLoadingError():
            return f"{where} is still loading its data."
        case exceptions.TimeoutError():
            return f"{where} does not answer."
        case exceptions.OutOfMemoryError():
            return f"{where} is full: it refuses whatever needs memory (see its maxmemory)."
        case exceptions.ResponseError():
            return f"{where} refuses: {_as_redis_said(error)}"
    if isinstance(cause, socket.gaierror):
        return f"{where}: no such host. REDIS_URL says where Redis is."
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(error)
    return f"{where} is away: {reason.rstrip('.').lower()}."


def waiting_helps(error: Exception, was_ever_ready: bool) -> bool:
    """Return whether a retry may succeed; a name that was found once may be found again."""
    if isinstance(error, NotKnownError) or isinstance(error.__context__, socket.gaierror):
        return was_ever_ready
    said = _as_redis_said(error)
    return not isinstance(error, NOT_ALLOWED) and not any(sign in said for sign in STAYING)


def _as_redis_said(error: Exception) -> str:
    """Return the error without the command, and so the message, with which a pipeline begins it."""
    return str(error).split("caused error: ")[-1]
