"""The list of the last messages, and what became of each, on the page."""

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import LOOKS, Tab, is_for_all
from tests.clicks import click, said, says, send
from tests.parts import RedisServer, Web
from tests.processes import eventually
from tests.proxy import Proxy
from tests.stage import Stage


def test_each_of_the_last_is_told_with_who_took_it(stage: Stage) -> None:
    listeners = stage.listen_all("prodcons", "a", "b")
    tab = stage.open()
    assert "No message has moved yet" in tab.page.inner_text("#prodcons .last-twelve")
    tab.shows("prodcons", there="2")
    click(tab, "prodcons", "Send 10")
    eventually(lambda: sum(len(one.messages()) for one in listeners) == 10)
    by = {one["body"]: one["listener"] for each in listeners for one in each.messages()}
    assert by.keys() == {str(number) for number in range(1, 11)}
    says(tab, "prodcons", *((str(n), f"taken by {by[str(n)]}") for n in range(10, 0, -1)))
    for _ in range(3):
        click(tab, "prodcons")
    tab.shows("prodcons", received="13")
    eventually(lambda: [body for body, _ in said(tab, "prodcons")] == [*map(str, range(13, 1, -1))])


def test_what_waits_and_what_is_gone(stage: Stage) -> None:
    tab = stage.open()
    for pattern in ("prodcons", "pubsub"):
        click(tab, pattern, "Send 10")
    says(tab, "prodcons", *((str(number), "waiting") for number in range(10, 0, -1)))
    says(tab, "pubsub", *((str(number), "gone: heard by nobody") for number in range(10, 0, -1)))
    stage.listen_all("pubsub", "a", "b")
    stage.listen("prodcons", "late")
    tab.shows("pubsub", there="2")
    click(tab, "pubsub")
    eventually(lambda: said(tab, "pubsub")[0] in [("11", "heard by a, b"), ("11", "heard by b, a")])
    says(tab, "prodcons", *((str(number), "taken by late") for number in range(10, 0, -1)))


@pytest.mark.heavy
def test_all_of_many_heard_each(stage: Stage) -> None:
    stage.listen_all("pubsub", *"abcdef")
    tab = stage.open()
    tab.shows("pubsub", there="6")
    click(tab, "pubsub", "Send 10")
    says(tab, "pubsub", *((str(number), "heard by all 6") for number in range(10, 0, -1)))


@pytest.mark.heavy
def test_what_a_killed_listener_had_in_hand_is_lost_or_comes_twice(stage: Stage) -> None:
    tab = stage.open("/?left=prodcons&right=reliable")
    killed = [stage.listen(name, "killed", "--work", "30") for name in ("prodcons", "reliable")]
    for pattern in ("prodcons", "reliable"):
        tab.shows(pattern, there="1")
        send(tab, pattern, "mine")
        says(tab, pattern, ("mine", "taken by killed"))
    for one in killed:
        one.gets(signal.SIGKILL)
    says(tab, "prodcons", ("mine", "taken by killed and lost with it"))
    gone = "taken by killed, which is gone: another one takes it over"
    says(tab, "reliable", ("mine", gone))
    stage.listen("reliable", "next")
    says(tab, "reliable", ("mine", "twice: taken by killed, then by next"))


@pytest.fixture
def lossy(
    start: Callable[..., Any], own_server: RedisServer, browser: Browser
) -> Iterator[tuple[Proxy, Tab]]:
    """A proxy before the Redis of a web, and that web's page."""
    proxy = Proxy(own_server.port)
    web = start(Web, REDIS_URL=proxy.url, WEB_CONCURRENCY="1")
    tab = Tab(browser, f"http://{web.host}/")
    tab.is_live()
    yield proxy, tab
    tab.context.close()
    proxy.close()


def test_a_send_whose_reply_was_lost_is_unknown_until_more_is_told(
    lossy: tuple[Proxy, Tab], stage: Stage
) -> None:
    proxy, tab = lossy
    click(tab, "prodcons")
    says(tab, "prodcons", ("1", "waiting"))
    stage.listen("prodcons", "first")
    says(tab, "prodcons", ("1", "taken by first"))
    for pattern in ("prodcons", "pubsub"):
        command = {"prodcons": b"LPUSH", "pubsub": b"task:pubsub:channel"}[pattern]
        proxy.swallow_reply(command, b":")
        click(tab, pattern)
        tab.page.wait_for_selector(f"#{pattern} .last.trouble >> text=nobody knows")
    says(tab, "pubsub", ("1", "unknown: the reply was lost"))
    says(tab, "prodcons", ("2", "reply lost, and yet taken by first"), ("1", "taken by first"))


def test_the_last_messages_are_for_all(stage: Stage) -> None:
    stage.listen_all("pubsub", *"abcde")
    stage.listen_all("prodcons", *"abcde")
    tabs = [stage.open(**look) for look in LOOKS]
    for tab in tabs:
        tab.shows("pubsub", there="5")
    tabs[0].page.click("#play >> text=10 to both")
    tabs[0].page.click("#play >> text=Send one to both")
    for tab in tabs:
        tab.shows("pubsub", received="55")
        tab.page.click("#pause")  # what is looked at must not leave meanwhile
        is_for_all(tab.page)
        assert not tab.page.query_selector(".last-twelve [aria-live]")
