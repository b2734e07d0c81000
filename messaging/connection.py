"""How Redis is reached: how long to wait for it, what to try again, and what its errors mean."""

import socket
from typing import Any

from redis import Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from messaging.address import URL, address, check_url

CONNECT_WITHIN = 0.5  # seconds, for each address of the host
REPLY_WITHIN = 1.0  # second
BLOCK = 1  # second that a listener waits for a message before it looks whether it is to stop
# A peer that vanished without a word is noticed after 5 + 3 × 2 seconds.
KEEPALIVE = {socket.TCP_KEEPIDLE: 5, socket.TCP_KEEPINTVL: 2, socket.TCP_KEEPCNT: 3}

# A Redis whose replies are bytes, which redis-py cannot tell a type checker.
Client = Any

# Redis said no, so nothing was carried out. (redis-py counts some of these as lost connections.)
REFUSED = (
    exceptions.ResponseError,
    exceptions.AuthenticationError,
    exceptions.AuthorizationError,
    exceptions.BusyLoadingError,
)
# Refusals that stay until a person does something; all others may pass, as a failover does.
NOT_ALLOWED = (
    exceptions.AuthenticationError,
    exceptions.AuthorizationError,
    exceptions.NoPermissionError,
)
STAYING = ("WRONGTYPE", "unknown command", "DB index", "invalid DB index")


def connect(
    reply_within: float = REPLY_WITHIN, retries: int = 0, connections: int | None = None
) -> Redis:
    """A client of the Redis at REDIS_URL; it connects when it is first used.

    `reply_within` is in seconds. Without retries a command is sent once and never again: when a
    reply is lost, nobody knows whether the command was carried out. Raises ValueError for a
    REDIS_URL that is none.
    """
    check_url(URL)
    options: dict[str, Any] = {}
    if not URL.startswith("unix:"):
        options = {"socket_keepalive": True, "socket_keepalive_options": KEEPALIVE}
    return Redis.from_url(
        URL,
        socket_connect_timeout=CONNECT_WITHIN,
        socket_timeout=reply_within,
        retry=Retry(NoBackoff(), retries),
        max_connections=connections,
        protocol=2,
        **options,
    )


def explain(error: Exception) -> str:
    """One sentence for a person: what is wrong with Redis."""
    cause = error.__context__
    match error:
        case exceptions.AuthenticationError() | exceptions.AuthorizationError():
            return f"Redis at {address(URL)} and the password in REDIS_URL do not fit: {error}"
        case exceptions.BusyLoadingError():
            return f"Redis at {address(URL)} is still loading its data."
        case exceptions.TimeoutError():
            return f"Redis at {address(URL)} does not answer."
        case exceptions.ResponseError():
            # Of a pipeline's error the part before shows the whole command, message and all.
            return f"Redis at {address(URL)} refuses: {str(error).split('caused error: ')[-1]}"
    if isinstance(cause, socket.gaierror):
        return f"Redis at {address(URL)}: no such host. REDIS_URL says where Redis is."
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(error)
    return f"Redis at {address(URL)} is away: {reason.rstrip('.').lower()}."


def waiting_helps(error: Exception, was_there: bool) -> bool:
    """Whether trying again may end the trouble; a name that was found before may be again."""
    if isinstance(error.__context__, socket.gaierror):
        return was_there
    return not isinstance(error, NOT_ALLOWED) and not str(error).startswith(STAYING)
