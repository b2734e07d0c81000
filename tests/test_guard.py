"""Who is refused, and what every answer tells a browser."""

import re
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import pytest
from redis import Redis

from messaging.settings import TOKEN
from pages import guard
from patterns import PATTERNS
from tests.parts import Web
from tests.places import all_kept
from web import app


def refused(web: Web, redis: Redis, **headers: str) -> bool:
    """Whether every link answers 403 to such a request, and sends nothing."""
    statuses = {web.ask(f"/{name}", **headers).status for name in PATTERNS}
    assert len(statuses) == 1
    assert set(all_kept(redis).values()) == {0 if statuses == {403} else 1}
    redis.flushall()
    return statuses == {403}


@pytest.mark.parametrize(
    ("header", "purpose"),
    [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Purpose", "preview"),
        ("X-Moz", "prefetch"),
    ],
)
def test_a_prefetching_browser_is_refused(
    header: str, purpose: str, web: Web, redis: Redis
) -> None:
    assert refused(web, redis, **{header: purpose, "Sec_Fetch_Site": "none"})


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "else"])
def test_another_site_is_refused(site: str, web: Web, redis: Redis) -> None:
    assert refused(web, redis, Sec_Fetch_Site=site)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_page_and_the_address_bar_are_not(site: str, web: Web, redis: Redis) -> None:
    # A browser that tells the site also tells where it comes from, which then counts for nothing.
    assert not refused(web, redis, Sec_Fetch_Site=site, Referer="http://evil.example/")


@pytest.mark.parametrize("header", ["Referer", "Origin"])
@pytest.mark.parametrize(
    "source", ["http://evil.example/", "http://127.0.0.1:1/", "null", "http://[/", "https://[::1"]
)
def test_an_old_browser_is_judged_by_where_it_comes_from(
    header: str, source: str, web: Web, redis: Redis
) -> None:
    assert refused(web, redis, **{header: source})


def test_an_old_browser_on_our_own_page_is_not_refused(web: Web, redis: Redis) -> None:
    assert not refused(web, redis, Referer=f"http://{web.host}/?sent=prodcons&count=1&length=1")


def test_curl_and_siege_are_not_refused(web: Web, redis: Redis) -> None:
    assert not refused(web, redis)


def test_an_unknown_host_is_refused_everywhere(web: Web, redis: Redis) -> None:
    for path in ("/", *(f"/{name}" for name in PATTERNS), "/healthz", "/static/style.css"):
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "[::2]"):
            answer = web.ask(path, Host=host)
            assert answer.status == 400
            assert "TRUSTED_HOSTS" in answer.text
    assert not any(all_kept(redis).values())


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:5000", "127.0.0.1", "[::1]:5000", "[::1]"]
)
def test_loopback_has_many_names(host: str, web: Web) -> None:
    assert web.ask("/", Host=host).status == 200


def test_trusted_hosts_replaces_them(start: Callable[..., Any]) -> None:
    web = start(Web, TRUSTED_HOSTS="queue.example, 10.0.0.1")
    assert web.ask("/", Host="queue.example:8000").status == 200
    assert web.ask("/", Host="10.0.0.1").status == 200
    assert web.ask("/", Host="localhost").status == 400


@pytest.mark.parametrize(
    "path", ["/", "/prodcons", "/prodcons?count=0", "/nowhere", "/healthz", "/static/style.css"]
)
def test_every_answer_is_guarded(path: str, web: Web) -> None:
    headers = web.ask(path).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Cache-Control" in headers


def test_the_page_needs_nothing_that_the_policy_forbids(web: Web) -> None:
    for path in ("/", "/?sent=pubsub&count=1&fewest=0&most=0", "/nowhere"):
        page = web.ask(path).text
        assert "style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert "onclick" not in page
        assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in page


def test_no_header_leads_to_another_site(web: Web) -> None:
    for header in ("SCRIPT_NAME", "X-Forwarded-Prefix", "X-Script-Name"):
        connection = HTTPConnection(web.host)
        connection.request("GET", "/prodcons", headers={header: "//evil.example"})
        assert str(connection.getresponse().getheader("Location")).startswith("/?sent=prodcons")
        connection.close()


@pytest.mark.parametrize(
    ("host", "peer", "headers", "query", "status"),
    [
        ("127.0.0.1", "10.0.0.7", {}, "", 303),
        ("0.0.0.0", "127.0.0.1", {}, "", 303),
        ("::", "::1", {}, "", 303),
        ("::", "::ffff:127.0.0.1", {}, "", 303),
        ("::", "::ffff:10.0.0.7", {}, "", 403),
        ("0.0.0.0", "10.0.0.7", {}, "", 403),
        ("0.0.0.0", "10.0.0.7", {}, "?token=x", 403),
        ("0.0.0.0", "10.0.0.7", {}, f"?token={TOKEN}", 303),
        ("0.0.0.0", "10.0.0.7", {"X-Requested-With": "curl"}, "", 303),
        ("0.0.0.0", "10.0.0.7", {"Referer": "http://localhost/"}, "", 303),
        ("0.0.0.0", "10.0.0.7", {"Sec-Fetch-Site": "same-origin"}, "", 303),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_from_another_machine_a_request_is_meant(
    method: str,
    host: str,
    peer: str,
    headers: dict[str, str],
    query: str,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guard, "IS_LOCAL", host == "127.0.0.1")
    client = app.test_client()
    given: Any = {"headers": headers, "environ_base": {"REMOTE_ADDR": peer}}
    for name in PATTERNS:
        answer = client.open(f"/{name}{query}", method=method, **given)
        assert answer.status_code == status


def test_the_links_of_our_page_have_the_token(start: Callable[..., Any]) -> None:
    web = start(Web, HOST="0.0.0.0", TOKEN="of-the-page")
    links = re.findall('href="(/(?:prodcons|pubsub)[?"][^"]*)', web.ask("/").text)
    assert len(links) == 6
    assert all("token=of-the-page" in link for link in links)
    assert "token" not in start(Web).ask("/").text
