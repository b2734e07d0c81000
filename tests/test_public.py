"""Only addresses of the internet are connected to, whatever a name or a redirect says."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jobs import settings
from jobs.fetching import fetch
from jobs.outcome import TaskError
from jobs.public import is_public
from jobs.settings import read_allowed
from tests.serving import serving
from tests.sites import Site, refused

INTERNET = "93.184.215.14"
NO_ADDRESS = "which is no address of the internet. FETCH_ALLOW can allow it by its name."
Names = Callable[[str, list[list[str]]], list[str]]


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a site on this machine, which may not be fetched."""
    Site.asked = []
    monkeypatch.setattr(settings, "FETCH_ALLOW", frozenset())
    with serving(Site) as port:
        yield port
    assert not Site.asked


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Lets a name have these addresses, one list for each time somebody asks; returns who asked."""

    def have(name: str, answers: list[list[str]]) -> list[str]:
        asked: list[str] = []
        resolve = socket.getaddrinfo

        def answer(host: str, port: int, *_: Any, **options: Any) -> Any:
            if host != name:
                return resolve(host, port, **options)
            asked.append(host)
            addresses = answers[min(len(asked), len(answers)) - 1]
            return [entry for one in addresses for entry in resolve(one, port, **options)]

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        return asked

    return have


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "LOCALHOST", "127.1", "2130706433", "0x7f000001", "0177.0.0.1"),
        *("0x7f.1", "0.0.0.0", "0", "127.255.255.254", "①27.0.0.1", "127。0。0。1"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
        *("[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]"),
        *("10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"),
        *("[fc00::1]", "[fec0::1]", "[ff02::1]", "[fd00:ec2::254]", "[2001:db8::1]"),
    ],
)
def test_no_address_of_this_machine_or_network_is_fetched(host: str, inside: int) -> None:
    said = refused(f"http://{host}:{inside}/")
    assert NO_ADDRESS in said


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.1", "10.255.255.255", "127.0.0.1", "172.31.255.255", "192.0.0.8", "192.88.99.1"),
        *("198.18.0.1", "192.0.2.1", "203.0.113.1", "240.0.0.1", "255.255.255.255", "239.1.1.1"),
        *("::", "::1", "::a00:1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::808:808"),
        *("2002:a00:1::", "2001:0:a00:1::", "2001:0:808:808::f5ff:fffe", "fe80::1%1", "fec0::1"),
        *("100::1", "2001:db8::1", "3fff::1", "4000::1", "ff0e::1"),
    ],
)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [INTERNET, "8.8.8.8", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_what_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "FILE:///etc/passwd"),
        *("data:text/html,x", "javascript:1", "//127.0.0.1/", "/etc/passwd", "", "unix:/run/x"),
    ],
)
def test_only_http_and_https_are_fetched(url: str, inside: int) -> None:
    assert refused(url).startswith("Only http and https are fetched, not ")


@pytest.mark.parametrize(
    "url",
    [
        *("http://", "http:///x", "http://a:99999/", "http://a:0/", "http://[::1/", "http://a:b/"),
        *("http://u:p@example.com/", "http://127.0.0.1\\@example.com/", "http://example.com@a/"),
        *("http://a b/", "http://a/\r\nX: y", "http://a\t/", f"http://{'a' * 64}/", "http://.a/"),
        *("http://a/" + "x" * 2_000, "http://a/\u202e"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, inside: int) -> None:
    assert refused(url).startswith("The address has ")


@pytest.mark.parametrize(
    "location",
    [
        *("http://127.0.0.2:{}/", "http://[::1]:{}/", "//localhost:{}/", "http://2130706433:{}/"),
        *("file:///etc/passwd", "gopher://127.0.0.1:{}/", "http://u:p@127.0.0.1:{}/"),
    ],
)
def test_a_redirect_leads_to_nothing_that_is_not_allowed(
    location: str, inside: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(type("Other", (Site,), {"asked": []})) as port:
        monkeypatch.setattr(settings, "FETCH_ALLOW", read_allowed(f"127.0.0.1:{port}"))
        said = refused(f"http://127.0.0.1:{port}/redirect?{location.format(inside)}")
    assert any(why in said for why in (NO_ADDRESS, "Only http and https", "a user or a password"))


def test_a_name_that_has_one_private_address_is_refused(
    inside: int, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the public one comes first: nothing is connected to before all are checked."""
    reached: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: reached.append(address))
    asked = names("both.example", [[INTERNET, "127.0.0.1"]])
    assert NO_ADDRESS in refused(f"http://both.example:{inside}/")
    assert len(asked) == 1
    assert not reached


def test_a_name_that_is_bound_again_is_asked_once_and_the_answer_is_used(
    inside: int, names: Names
) -> None:
    """DNS rebinding: who checks one answer and connects to the next reaches this machine."""
    asked = names("bound.example", [[INTERNET], ["127.0.0.1"]])
    with pytest.raises(TaskError, match=r"cannot be reached|did not answer in time"):
        fetch(f"http://bound.example:{inside}/", 0.3)
    assert len(asked) == 1


def test_what_the_connection_reached_is_checked_as_well(
    inside: int, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something between, such as a rule of a firewall, may lead elsewhere."""
    connect = socket.socket.connect
    monkeypatch.setattr(
        socket.socket, "connect", lambda one, address: connect(one, ("127.0.0.1", inside))
    )
    names("led.example", [[INTERNET]])
    said = refused(f"http://led.example:{inside}/")
    assert said.startswith("led.example is at a place ")


def test_a_name_is_allowed_with_its_port_and_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Site.asked = []
    with serving(Site) as port, serving(Site) as other:
        monkeypatch.setattr(settings, "FETCH_ALLOW", read_allowed(f"LocalHost:{port}"))
        assert fetch(f"http://localhost:{port}/").status == 200
        for url in (f"http://localhost:{other}/", f"http://127.0.0.1:{port}/"):
            assert NO_ADDRESS in refused(url)
        monkeypatch.setattr(settings, "FETCH_ALLOW", read_allowed("localhost"))
        assert fetch(f"http://localhost:{other}/").status == 200
