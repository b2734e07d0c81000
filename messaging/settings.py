"""All settings, from the environment; a bad one ends the program with a sentence."""

import os
import sys

from messaging.address import check_url


def _number(name: str, default: int, lowest: int, highest: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        raise ValueError(f"{name}={text!r} is not a number from {lowest:,} to {highest:,}.")
    return int(text)


REDIS_URL = os.environ.get("REDIS_URL") or "redis://localhost:6379/5"
# Pub/Sub ignores databases, so two projects on one Redis need different prefixes.
KEY_PREFIX = os.environ.get("KEY_PREFIX") or "task:"
LIVE = os.environ.get("LIVE") != "0"  # whether this process reports what it counts
NO_COLOR = bool(os.environ.get("NO_COLOR"))
HOST = os.environ.get("HOST") or "127.0.0.1"
_level = os.environ.get("LOG_LEVEL") or "info"
LOG_LEVEL = _level.upper()
_hosts = os.environ.get("TRUSTED_HOSTS") or "localhost, 127.0.0.1, ::1"
TRUSTED_HOSTS = {host.strip().lower() for host in _hosts.split(",")}
try:
    check_url(REDIS_URL)
    PORT = _number("PORT", 5000, 1, 65_535)
    WEB_CONCURRENCY = _number("WEB_CONCURRENCY", 2, 1, 64)  # processes
    QUEUE_LIMIT = _number("QUEUE_LIMIT", 100_000, 1, 100_000_000)  # messages
    VIEWER_LIMIT = _number("VIEWER_LIMIT", 1000, 0, 100_000)  # open pages for each web process
    if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(f"LOG_LEVEL={_level!r} is none of debug, info, warning, error.")
except ValueError as error:
    print(error, file=sys.stderr)
    raise SystemExit(2) from None
