"""The settings of the tasks, from the environment; a bad one ends the program with a sentence."""

import os
import sys
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

# How mail is sent, and the port that is meant where the URL names none.
SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that a setting names; `login` is user and password, or None."""

    scheme: str
    host: str
    port: int
    path: str = "/"
    login: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, and needs no TLS."""
        return self.scheme == "smtp" and self.host in LOOPBACK

    @property
    def place(self) -> str:
        """Host and port, and never the password."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_smtp(url: str) -> Server:
    """Return the server of smtp://, smtp+starttls:// or smtps://[user:password@]host[:port].

    Raises ValueError with a sentence for people.
    """
    server = _server("SMTP_URL", url, SMTP_PORTS)
    if server.path not in ("", "/"):
        raise ValueError("SMTP_URL ends after the port.")
    if server.login and server.scheme == "smtp" and server.host not in LOOPBACK:
        raise ValueError("SMTP_URL has a password, which needs smtp+starttls:// or smtps://.")
    return server


def read_sms(url: str) -> Server:
    """Return the server of http(s)://[user:password@]host[:port]/path; raises ValueError."""
    return _server("SMS_URL", url, {"http": 80, "https": 443})


def read_allowed(text: str) -> frozenset[tuple[str, int | None]]:
    """Return host and port of each in `host, host:port, …`; None is any port."""
    allowed = set()
    for one in filter(None, map(str.strip, text.split(","))):
        parts = _split("FETCH_ALLOW", f"//{one}")
        if not parts.hostname or parts.netloc != one or "@" in one:
            raise ValueError(f"FETCH_ALLOW has «{one}», which is no host and no host:port.")
        allowed.add((parts.hostname, _port("FETCH_ALLOW", parts)))
    return frozenset(allowed)


def _server(name: str, url: str, ports: dict[str, int]) -> Server:
    parts = _split(name, url)
    if parts.scheme not in ports:
        raise ValueError(f"{name} begins with {', '.join(f'{one}://' for one in ports)}.")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"{name} has a character that is written as % and two digits.")
    if not parts.hostname:
        raise ValueError(f"{name} names no host.")
    if parts.fragment or (parts.password is None) != (parts.username is None):
        raise ValueError(f"{name} has a user without a password, or a #.")
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    port = _port(name, parts) or ports[parts.scheme]
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Server(parts.scheme, parts.hostname, port, path, login)


def _split(name: str, url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise ValueError(f"{name} has a host in brackets that is no IPv6 address.") from None


def _port(name: str, parts: SplitResult) -> int | None:
    try:
        if parts.port != 0:
            return parts.port
    except ValueError:
        pass
    raise ValueError(f"{name} has a port that is not a number from 1 to 65,535.")


try:
    SMTP = read_smtp(os.environ.get("SMTP_URL") or "smtp://127.0.0.1:8025")
    SMS_URL = os.environ.get("SMS_URL") or ""
    SMS = read_sms(SMS_URL) if SMS_URL else None  # None: the worker's terminal
    FETCH_ALLOW = read_allowed(os.environ.get("FETCH_ALLOW") or "")
except ValueError as error:
    print(error, file=sys.stderr)
    raise SystemExit(2) from None
