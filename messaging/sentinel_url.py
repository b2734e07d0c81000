"""Reads the URL of a Redis whose primary Sentinels know.

This module does not import redis-py, for the same reason as messaging.settings.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

SCHEME = "redis+sentinel"
OF_SENTINELS = ("sentinel_username", "sentinel_password")  # may follow the question mark
EXAMPLE = f"as in {SCHEME}://localhost:26379/mymaster/5"
PORT = 26379  # of a Sentinel
PARTS = re.compile(rf"{re.escape(SCHEME)}://(?:([^/?]*)@)?([^/?]*)/?([^/?]*)/?([^?]*)(?:\?(.*))?")
PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^][:@\s]+)(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class SentinelUrl:
    """Where the Sentinels are, what they call the primary, and how to get in there."""

    sentinels: list[tuple[str, int]]  # host and port of each
    service: str
    db: int
    username: str | None
    password: str | None = field(repr=False)
    of_sentinels: dict[str, str] = field(repr=False)  # user and password there

    @property
    def address(self) -> str:
        """Hosts, ports, name and database, without any password."""
        return f"{self.places}/{self.service}/{self.db}"

    @property
    def places(self) -> str:
        """Hosts and ports of the Sentinels."""
        return ",".join(
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.sentinels
        )


def is_of_sentinels(url: str) -> bool:
    return url.startswith(f"{SCHEME}://")


def read_sentinel_url(url: str) -> SentinelUrl:
    """Return the parts of redis+sentinel://[user:password@]host[:port][,host…]/SERVICE[/DB].

    User and password are those of Redis. Raises ValueError with a sentence for people.
    """
    if not (found := PARTS.fullmatch(url)):
        raise ValueError(f"REDIS_URL is no address of Sentinels, {EXAMPLE}.")
    user, places, service, db, query = (part or "" for part in found.groups())
    sentinels = [_place(place) for place in places.split(",")]
    if not re.fullmatch(r"[\w.-]+", service, re.ASCII):  # Sentinels allow no other name
        raise ValueError(f"REDIS_URL lacks the name that the Sentinels know, {EXAMPLE}.")
    if not re.fullmatch("[0-9]{0,9}", db):
        raise ValueError(f"REDIS_URL ends with the number of a database, {EXAMPLE}.")
    name, _, password = map(unquote, user.partition(":"))
    of_sentinels = {option.removeprefix("sentinel_"): value for option, value in parse_qsl(query)}
    return SentinelUrl(
        sentinels, service, int(db or 0), name or None, password or None, of_sentinels
    )


def _place(text: str) -> tuple[str, int]:
    if not (found := PLACE.fullmatch(text)):
        raise ValueError(f"REDIS_URL has a Sentinel that is no host:port, {EXAMPLE}.")
    port = int(found[2] or PORT)
    if not 0 < port < 65_536:
        raise ValueError("REDIS_URL has a port that is not a number up to 65535.")
    return found[1].strip("[]"), port
