"""This module reads the web's settings from the environment; a bad one ends the program."""

import os

from messaging.address import check_url
from messaging.settings import REDIS_URL


def _number(name: str, default: int, lowest: int, highest: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        raise SystemExit(f"{name}={text!r} is not a number from {lowest:,} to {highest:,}.")
    return int(text)


def _choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    text = os.environ.get(name) or default
    if text.upper() not in choices:
        raise SystemExit(f"{name}={text!r} is none of {', '.join(choices).lower()}.")
    return text.upper()


HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = _number("PORT", 5000, 1, 65_535)
WEB_CONCURRENCY = _number("WEB_CONCURRENCY", 2, 1, 64)  # processes
LOG_LEVEL = _choice("LOG_LEVEL", "info", ("DEBUG", "INFO", "WARNING", "ERROR"))
QUEUE_LIMIT = _number("QUEUE_LIMIT", 100_000, 1, 100_000_000)  # messages
VIEWER_LIMIT = _number("VIEWER_LIMIT", 1000, 0, 100_000)  # open pages for each web process
_hosts = os.environ.get("TRUSTED_HOSTS") or "localhost, 127.0.0.1, ::1"
TRUSTED_HOSTS = {host.strip().lower() for host in _hosts.split(",")}

try:
    check_url(REDIS_URL)
except ValueError as error:
    raise SystemExit(str(error)) from None
