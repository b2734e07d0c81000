"""All settings, from the environment; a bad one ends the program with a sentence.

This module does not import redis-py, because gunicorn imports this before gevent is ready.
"""

import os
import re
import secrets
import sys
from urllib.parse import parse_qs, parse_qsl, urlsplit

from messaging.sentinel_url import OF_SENTINELS, SCHEME, is_of_sentinels, read_sentinel_url

OF_TLS = "ssl_cert_reqs ssl_check_hostname ssl_ca_certs ssl_ca_path ssl_certfile ssl_keyfile"
# What may follow the question mark of a URL. Others of redis-py would change what clients do.
OPTIONS = {
    "redis": (),
    "rediss": tuple(OF_TLS.split()),
    "unix": ("db",),
    SCHEME: OF_SENTINELS,
}


def check_url(url: str) -> None:
    """Raise ValueError, with a sentence for people, unless `url` is the URL of a Redis."""
    scheme, is_url, _ = url.partition("://")  # urlsplit would take capital letters, redis-py not
    if not is_url or scheme not in OPTIONS:
        raise ValueError("REDIS_URL begins with redis://, rediss://, unix:// or redis+sentinel://.")
    for name, value in parse_qsl(url.partition("?")[2], keep_blank_values=True):
        if name not in OPTIONS[scheme]:
            may = ", ".join(OPTIONS[scheme]) or "none"
            raise ValueError(f"REDIS_URL has an option «{name}»; of {scheme}: {may}.")
        if name == "db" and not re.fullmatch("[0-9]{1,9}", value):
            raise ValueError("REDIS_URL has a db that is not a number.")
    if is_of_sentinels(url):
        read_sentinel_url(url)
        return
    parts = urlsplit(url)
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("REDIS_URL has a port that is not a number up to 65535.") from None
    if scheme != "unix" and not re.fullmatch("/?[0-9]{0,9}", parts.path):
        raise ValueError("REDIS_URL ends with the number of a database, as in localhost:6379/5.")


def address(url: str) -> str:
    """Return host, port and database, and never the password."""
    if is_of_sentinels(url):
        return read_sentinel_url(url).address
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"{parts.path}/{parse_qs(parts.query).get('db', ['0'])[0]}"
    host = parts.hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port or 6379}/{parts.path.strip('/') or 0}"


def _number(name: str, default: int, lowest: int, highest: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        raise ValueError(f"{name}={text!r} is not a number from {lowest:,} to {highest:,}.")
    return int(text)


def reached_at(url: str) -> str:
    """Return the URL of the proxy REDIS_VIA before this Redis, or `url` where there is none."""
    parts = urlsplit(url)
    netloc = "".join([*parts.netloc.rpartition("@")[:2], REDIS_VIA])
    return parts._replace(netloc=netloc).geturl() if REDIS_VIA else url


REDIS_URL = os.environ.get("REDIS_URL") or "redis://localhost:6379/5"
REDIS_VIA = os.environ.get("REDIS_VIA") or ""  # host:port of a proxy; sentences name REDIS_URL
# Pub/Sub ignores databases, so two projects on one Redis need different prefixes.
KEY_PREFIX = os.environ.get("KEY_PREFIX") or "task:"
LIVE = os.environ.get("LIVE") != "0"  # whether this process reports what it counts
NO_COLOR = bool(os.environ.get("NO_COLOR"))
HOST = os.environ.get("HOST") or "127.0.0.1"
IS_LOCAL = HOST in ("127.0.0.1", "::1", "localhost")  # whether only this machine reaches the web
CONTROLS = os.environ.get("CONTROLS") == "1"  # whether also other machines may ask the demo
# Known to our own page alone. gunicorn reads this before it forks, so all its processes share it.
TOKEN = os.environ.setdefault("TOKEN", secrets.token_hex(16))
_level = os.environ.get("LOG_LEVEL") or "info"
LOG_LEVEL = _level.upper()
_hosts = os.environ.get("TRUSTED_HOSTS") or "localhost, 127.0.0.1, ::1"
TRUSTED_HOSTS = {host.strip().lower() for host in _hosts.split(",")}
try:
    check_url(reached_at(REDIS_URL))
    PORT = _number("PORT", 5000, 1, 65_535)
    WEB_CONCURRENCY = _number("WEB_CONCURRENCY", 2, 1, 64)  # processes
    QUEUE_LIMIT = _number("QUEUE_LIMIT", 100_000, 1, 100_000_000)  # messages
    VIEWER_LIMIT = _number("VIEWER_LIMIT", 1000, 0, 100_000)  # open pages for each web process
    if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(f"LOG_LEVEL={_level!r} is none of debug, info, warning, error.")
except ValueError as error:
    print(error, file=sys.stderr)
    raise SystemExit(2) from None
