"""Pages are fetched within limits of time, size and redirects."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from attack.secure import make_certificate
from jobs import fetching, public, settings
from jobs.arguments import done
from jobs.fetching import fetch
from jobs.title import LONGEST, read_title
from starting.ports import free_port
from tests.serving import serving
from tests.sites import PAGE, Site, refused


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a site on this machine, which may be fetched."""
    Site.asked = []
    with serving(Site) as port:
        monkeypatch.setattr(settings, "FETCH_ALLOW", frozenset({("127.0.0.1", port)}))
        yield f"http://127.0.0.1:{port}"


def test_a_page_has_title_size_and_status(site: str) -> None:
    assert done("fetch", {"url": f"{site}/a?b=c%20d#part"}) == {
        "url": f"{site}/a?b=c%20d",
        "status": 200,
        "title": "Grüße & 消息",
        "size": len(PAGE),
    }
    ((path, headers),) = Site.asked
    assert path == "/a?b=c%20d"
    assert headers["Host"] == site.removeprefix("http://")
    assert headers["Accept-Encoding"] == "identity"
    assert fetch(f"{site}/missing").status == 404


def test_five_redirects_are_followed_and_no_sixth(site: str) -> None:
    found = fetch(f"{site}/redirect?end")
    assert (found.url, found.title) == (f"{site}/end", "Grüße & 消息")
    assert fetch(f"{site}/loop?4").url == f"{site}/end"
    assert refused(f"{site}/loop?5") == f"{site}/loop?5 leads to more than 5 redirects."
    Site.asked = []
    assert "more than 5 redirects" in refused(f"{site}/loop?1000")
    assert len(Site.asked) == 6


@pytest.mark.parametrize("path", ["big?2000001", "chunks?21", "chunks"])
def test_more_than_two_megabytes_are_refused(path: str, site: str) -> None:
    assert refused(f"{site}/{path}") == "The page is larger than 2,000,000 bytes."


def test_two_megabytes_are_taken(site: str) -> None:
    assert fetch(f"{site}/big?2000000").size == 2_000_000
    assert fetch(f"{site}/chunks?20").size == 2_000_000


@pytest.mark.parametrize("path", ["drip?line", "drip?head", "drip?body", "continued"])
def test_a_deadline_ends_what_never_ends(path: str, site: str) -> None:
    began = time.monotonic()
    assert refused(f"{site}/{path}", 0.3) == f"{site} did not answer in time: 0.3 s."
    assert 0.3 <= time.monotonic() - began < 3


def test_redirects_share_one_deadline(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = public.connect

    def slowly(*arguments: Any) -> socket.socket:
        time.sleep(0.15)
        return connect(*arguments)

    monkeypatch.setattr(fetching, "connect", slowly)
    assert "did not answer in time" in refused(f"{site}/loop?4", 0.3)
    assert len(Site.asked) < 3


def test_a_name_server_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1))
    began = time.monotonic()
    assert "did not answer in time" in refused("http://slow.example/", 0.1)
    assert time.monotonic() - began < 1


def serve_once(said: bytes) -> tuple[int, Thread]:
    """Accept one connection, say this to it, and close it."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listening, listening.accept()[0] as client:
            client.recv(1_000)
            client.sendall(said)

    thread = Thread(target=serve)
    thread.start()
    return listening.getsockname()[1], thread


@pytest.mark.parametrize(
    "said",
    [
        *(b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 x\r\n\r\n", b"\0" * 100_000),
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_a_sentence(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    port, thread = serve_once(said)
    monkeypatch.setattr(settings, "FETCH_ALLOW", frozenset({("127.0.0.1", None)}))
    assert refused(f"http://127.0.0.1:{port}/").startswith(f"http://127.0.0.1:{port} ")
    thread.join()


def test_a_server_that_is_away_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FETCH_ALLOW", frozenset({("127.0.0.1", None)}))
    url = f"http://127.0.0.1:{free_port()}"
    assert refused(url) == f"{url} cannot be reached: Connection refused."
    assert refused("http://nowhere.invalid/") == "There is no host nowhere.invalid."


def test_tls_checks_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    hosts = ("localhost", "127.0.0.1", "127.0.0.2", "localhost.localdomain")
    monkeypatch.setattr(settings, "FETCH_ALLOW", frozenset((host, None) for host in hosts))
    with serving(Site, context) as port:
        assert "no valid TLS" in refused(f"https://localhost:{port}/")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetch(f"https://localhost:{port}/").status == 200
        assert fetch(f"https://127.0.0.1:{port}/").status == 200
        assert "no valid TLS" in refused(f"{site.replace('http', 'https')}/")
        monkeypatch.setattr(public, "resolve", resolving_to("127.0.0.1", port))
        assert refused(f"https://127.0.0.2:{port}/").endswith("CERTIFICATE_VERIFY_FAILED.")


def resolving_to(address: str, port: int) -> Callable[..., Any]:
    return lambda *_: [(socket.AF_INET, (address, port))]


@pytest.mark.parametrize(
    ("body", "charset", "title"),
    [
        (b"<title>a</title><title>b</title>", None, "a"),
        (b"<!-- <title>no</title> --><title lang='de'>yes", None, "yes"),
        (b"<titles>no</titles>", None, ""),
        (b"<title>\xe4</title>", "iso-8859-1", "ä"),
        (b"<title>\xe4</title>", None, "�"),
        ("<meta charset='GBK'><title>消息</title>".encode("gbk"), None, "消息"),
        ("<meta charset='gbk'><title>消息</title>".encode(), "utf-8", "消息"),
        (b"<title>a</title>", "punycode", "a"),
        (b"<title>a</title>", "iso-8859-999", "a"),
        ("<title>a\x1b[2Jb\u202e\u2028c&#7;d</title>".encode(), "utf-8", "a [2Jb cd"),
        (b"<title>" + b"x" * 5_000, None, "x" * (LONGEST - 1) + "…"),
        (b"", None, ""),
    ],
)
def test_a_title_is_one_line_of_text(body: bytes, charset: str | None, title: str) -> None:
    assert read_title(body, charset) == title


@pytest.mark.parametrize("part", ["<a ", "<![", "<!--", "<title ", "<title>&#", "&"])
def test_a_title_is_found_in_time_in_whatever_comes(part: str) -> None:
    began = time.thread_time()
    read_title((part * 700_000).encode()[:2_000_000], "utf-8")
    assert time.thread_time() - began < 2
