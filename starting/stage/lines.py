"""Opens lines to the Redis at REDIS_URL, where a proxy can understand what passes."""

from urllib.parse import urlsplit

from messaging.settings import REDIS_URL
from starting.stage.line import Line

PORT = 6379  # of a Redis that names no other
CAN_HAVE_LINES = REDIS_URL.startswith("redis://")  # not over TLS, a socket, or Sentinels


def open_line(take: str = "") -> Line:
    """Return a line for one process, which takes messages by this command."""
    url = urlsplit(REDIS_URL)
    return Line(url.hostname or "localhost", url.port or PORT, take)


def via(line: Line | None) -> dict[str, str]:
    """Return what the process at this line has in its environment."""
    return {"REDIS_VIA": line.via} if line else {}


def redis_cli(command: str) -> str:
    """Return what one would type to give this command to the Redis at REDIS_URL."""
    url = urlsplit(REDIS_URL)
    host = f" -h {url.hostname}" if url.hostname not in (None, "localhost", "127.0.0.1") else ""
    port = f" -p {url.port}" if url.port not in (None, PORT) else ""
    db = f" -n {url.path[1:]}" if url.path.strip("/") else ""
    return f"redis-cli{host}{port}{db} {command}"
