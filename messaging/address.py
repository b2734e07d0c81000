"""The address of Redis: check it, and format it for people.

This module does not import redis-py, because gunicorn imports this before gevent is ready.
"""

import re
from urllib.parse import parse_qs, urlsplit


def check_url(url: str) -> None:
    """Raise ValueError, with a sentence for people, unless `url` is the URL of a Redis."""
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("REDIS_URL begins with redis://, rediss:// or unix://.")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("REDIS_URL has a port that is not a number up to 65535.") from None
    if parts.scheme != "unix" and not re.fullmatch("/?[0-9]*", parts.path):
        raise ValueError("REDIS_URL ends with the number of a database, as in localhost:6379/5.")


def address(url: str) -> str:
    """Return host, port and database, and never the password."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"{parts.path}/{parse_qs(parts.query).get('db', ['0'])[0]}"
    host = parts.hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port or 6379}/{parts.path.strip('/') or 0}"
