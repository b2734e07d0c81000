"""Fetches a web page, and refuses to reach what is not public, or to take too much or too long."""

import http.client
import io
import socket
import ssl
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from jobs.outcome import TaskError
from jobs.public import Deadline, connect
from jobs.title import read_title

WITHIN = 10.0  # seconds, for everything together
MOST_BYTES = 2_000_000
MOST_REDIRECTS = 5
LONGEST_URL = 2_000
SAFE = "/%:@!$&'()*+,;=~?[]"  # characters that stay as they are
PORTS = {"http": 80, "https": 443}
REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)
HEADERS = {
    "Accept": "text/html",
    "Accept-Encoding": "identity",  # so that what is read is no bigger than what was sent
    "Connection": "close",
    "User-Agent": "queue-or-channel",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page: its address after all redirects, HTTP status, title, and size in bytes."""

    url: str
    status: int
    title: str  # empty without one
    size: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Incoming(io.RawIOBase):
    """What arrives on a connection until the deadline, however slowly it drips."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection, self._deadline = connection, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)


class Connection(http.client.HTTPConnection):
    """A connection to a public address, which ends at the deadline."""

    def __init__(self, url: SplitResult, deadline: Deadline) -> None:
        self._scheme, self._deadline = url.scheme, deadline
        super().__init__(_host(url), _port(url))
        self.default_port = PORTS[url.scheme]  # which the header Host leaves out

    def connect(self) -> None:
        self.sock = connect(self.host, self.port, self._deadline)
        if self._scheme == "https":
            context = ssl.create_default_context()  # which checks the name, too
            self.sock.settimeout(self._deadline.left())
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def get(self, path: str) -> http.client.HTTPResponse:
        """Ask for a path, and return the answer as far as its body."""
        self.connect()
        self.sock.settimeout(self._deadline.left())
        self.request("GET", path, headers=HEADERS)
        response = http.client.HTTPResponse(self.sock, method="GET")
        response.fp.close()
        response.fp = io.BufferedReader(Incoming(self.sock, self._deadline))
        response.begin()
        return response


def fetch(url: str, within: float = WITHIN) -> Fetched:
    """Fetch a page, through its redirects; raises TaskError. `within` is in seconds."""
    deadline, parts = Deadline(within), _parts(url)
    try:
        for _ in range(MOST_REDIRECTS + 1):
            found = _fetch_one(parts, deadline)
            if isinstance(found, Fetched):
                return found
            parts = found
    except TimeoutError:
        raise TaskError(f"{_place(parts)} did not answer in time: {within:g} s.") from None
    except ssl.SSLError as error:
        raise TaskError(f"{_place(parts)} has no valid TLS: {error.reason}.") from None
    except OSError as error:
        reason = error.strerror or "no connection"
        raise TaskError(f"{_place(parts)} cannot be reached: {reason}.") from None
    except (http.client.HTTPException, ValueError) as error:
        reason = type(error).__name__
        raise TaskError(f"{_place(parts)} does not speak HTTP: {reason}.") from None
    raise TaskError(f"{url} leads to more than {MOST_REDIRECTS} redirects.")


def _fetch_one(parts: SplitResult, deadline: Deadline) -> Fetched | SplitResult:
    """Return the page at an address, or the address to which it redirects."""
    connection = Connection(parts, deadline)
    try:
        target, query = quote(parts.path or "/", SAFE), quote(parts.query, SAFE)
        response = connection.get(f"{target}?{query}" if query else target)
        location = response.headers["Location"]
        if response.status in REDIRECTS and location:
            return _parts(location, parts.geturl())
        body = response.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TaskError(f"The page is larger than {MOST_BYTES:,} bytes.")
        charset = response.headers.get_content_charset()
        return Fetched(parts.geturl(), response.status, read_title(body, charset), len(body))
    finally:
        connection.close()


def _parts(url: str, base: str = "") -> SplitResult:
    """Return the parts of a URL that may be fetched, which may be relative; raises TaskError."""
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise TaskError("The address has spaces or control characters, or is too long.")
    try:
        parts = urlsplit(urljoin(base, url))._replace(fragment="")
        if parts.scheme not in PORTS:
            raise TaskError(f"Only http and https are fetched, not {parts.scheme or 'nothing'}.")
        if "@" in parts.netloc:
            raise TaskError("The address has a user or a password, which is not sent.")
        if not parts.hostname or not _port(parts):
            raise ValueError
        _host(parts)
    except ValueError:
        raise TaskError("The address has no valid host or port.") from None
    return parts


def _host(parts: SplitResult) -> str:
    """Return the host in ASCII; raises ValueError."""
    return (parts.hostname or "").encode("idna").decode()


def _port(parts: SplitResult) -> int:
    return PORTS[parts.scheme] if parts.port is None else parts.port


def _place(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"
