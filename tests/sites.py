"""A web site in a thread of the tests, whose pages are true, slow, endless or hostile."""

import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from jobs.fetching import fetch
from jobs.outcome import TaskError

PAGE = "<html><head><TITLE>Grüße &amp;\n 消息\x07</TITLE></head></html>".encode()


class Site(BaseHTTPRequestHandler):
    """Answers as the path says, and keeps what it was asked."""

    asked: list[tuple[str, dict[str, str]]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        what, _, argument = self.path.partition("?")
        getattr(self, what[1:], self.page)(argument)

    def page(self, argument: str) -> None:
        self.answer(404 if "missing" in self.path else 200, PAGE)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Transfer_Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, argument: str) -> None:
        self.answer(302, b"", Location=argument)

    def loop(self, argument: str) -> None:
        left = int(argument)
        self.answer(307, b"", Location=f"/loop?{left - 1}" if left else "/end")

    def big(self, argument: str) -> None:
        self.answer(200, PAGE.ljust(int(argument)))

    def chunks(self, argument: str) -> None:
        """Send pieces of 100,000 bytes: so many, or without an end."""
        self.answer(200, b"", Transfer_Encoding="chunked")
        count = int(argument or 10**9)
        for _ in range(count):
            self.wfile.write(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def drip(self, argument: str) -> None:
        """Send a byte now and then: of the status line, the headers or the body."""
        begin = {"line": b"", "head": b"HTTP/1.1 200 OK\r\nX: ", "body": b"HTTP/1.1 200 OK\r\n\r\n"}
        self.wfile.write(begin[argument])
        while True:
            self.wfile.write(b"H")
            time.sleep(0.05)

    def continued(self, argument: str) -> None:
        while True:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def refused(url: str, within: float = 5) -> str:
    with pytest.raises(TaskError) as failed:
        fetch(url, within)
    return str(failed.value)
