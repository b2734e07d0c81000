"""The experiments on the page, by button, with a real demo."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from pages.front.experiments import EXPERIMENTS
from tests.browser import LOOKS, Tab, is_for_all
from tests.parts import Demo, Listener
from tests.playing import done, play, said_at_the_end, ticks, unfold
from tests.processes import eventually
from tests.traces import PAIRS

Open = Callable[..., Tab]
BOTH = ("prodcons", "pubsub")


@pytest.fixture
def shown(demo: Callable[..., Demo], browser: Browser) -> Iterator[tuple[Demo, Open]]:
    """A demo, and what opens a page of it, in which nothing goes wrong that is not expected."""
    one, tabs = demo(), []
    one.is_up()

    def open_page(path: str = "/", **options: object) -> Tab:
        tabs.append(Tab(browser, f"http://127.0.0.1:{one.port}{path}", **options))
        tabs[-1].is_live()
        return tabs[-1]

    yield one, open_page
    for tab in tabs:
        tab.context.close()
        # The browser notes each answer that is no 200; that nobody knows is what a lost reply is.
        assert not [one for one in tab.errors if "504 (GATEWAY TIMEOUT)" not in one]


def both(steps: list[bool]) -> dict[str, list[bool]]:
    return {pattern: steps for pattern in BOTH}  # noqa: C420  # of which none is changed


def says(tab: Tab, text: str) -> None:
    """Wait until the line at the bottom says this."""
    eventually(lambda: text in tab.page.inner_text("#playing [role=status]"))


def test_one_button_does_all_steps_and_says_what_was_seen(shown: tuple[Demo, Open]) -> None:
    tab = shown[1]()
    said = play(tab, "nobody")
    assert "Producer–consumer: 3 sent while nobody listened; whoever came then got 3." in said
    assert "Publish–subscribe: 3 sent while nobody listened; whoever came then got none." in said
    assert done(tab) == ["nobody"]
    for pattern in BOTH:
        tab.shows(pattern, there="2", sent="3")
    tab.page.reload()
    tab.is_live()
    assert done(tab) == ["nobody"]
    unfold(tab, "nobody")
    assert "got none." in tab.page.inner_text("#try-nobody .ends [data-of=pubsub]")
    tab.page.click("#clear-all")
    assert done(tab) == []
    assert ticks(tab, "nobody") == dict.fromkeys(BOTH, [False] * 3)


@pytest.mark.heavy
def test_it_is_stoppable_at_any_moment_and_repeatable(shown: tuple[Demo, Open]) -> None:
    tab = shown[1]()
    for _ in range(2):
        unfold(tab, "third")
        tab.page.click("#try-third .play:enabled")
        says(tab, "Step 3 of 3")
        assert tab.page.inner_text("#try-third .now p").startswith("Send six")
        tab.page.click("#playing .halt")
        says(tab, "Stopped.")
        assert done(tab) == []
    assert "three listeners" in play(tab, "third")
    assert done(tab) == ["third"]
    tab.page.click("#try-third .clear")
    assert done(tab) == []
    for pattern in BOTH:
        tab.shows(pattern, there="2")


def test_a_listener_that_was_started_by_hand_is_left_alone(
    shown: tuple[Demo, Open], start: Callable[..., Any]
) -> None:
    one, open_page = shown
    tab = open_page()
    ears = start(Listener, "pubsub", "--name", "ears", REDIS_URL=one.environ["REDIS_URL"])
    tab.shows("pubsub", there="3")
    said = play(tab, "nobody")
    assert "ears was not started by this demo, which touches no others" in said
    assert f"(kill {ears.popen.pid})" in said
    assert not ears.has_ended()
    assert done(tab) == []


@pytest.mark.heavy
def test_what_waits_is_said_and_taken_along(shown: tuple[Demo, Open]) -> None:
    tab = shown[1]()
    for name in ("prodcons-1", "prodcons-2"):
        os.kill(pid_of(tab, name), signal.SIGTERM)
    tab.shows("prodcons", there="0")
    tab.page.click("#prodcons a >> text=10")
    tab.shows("prodcons", waiting="10")
    unfold(tab, "third")
    tab.page.click("#try-third .play:enabled")
    says(tab, "Messages wait (10 by Producer–consumer): the listeners take them first.")
    said = said_at_the_end(tab, "third")
    assert done(tab) == ["third"], said
    tab.shows("prodcons", received="16", waiting="0")


def pid_of(tab: Tab, name: str) -> int:
    """The process of a listener, as the web knows it."""
    fetched = tab.page.evaluate("() => fetch('/status').then((answer) => answer.json())")
    cards = [card for one in fetched["patterns"].values() for card in one["listeners"]]
    return next(int(card["pid"]) for card in cards if card["name"] == name)


def test_a_link_opens_an_experiment_and_leads_to_its_button(shown: tuple[Demo, Open]) -> None:
    tab = shown[1]("/?play=killed&left=reliable&right=pubsub")
    assert tab.page.is_visible("#try-killed .steps")
    assert not tab.page.is_visible("#try-nobody .steps")
    eventually(lambda: tab.page.evaluate("document.activeElement.className") == "play")
    assert tab.page.evaluate("document.activeElement.closest('details').id") == "try-killed"
    link = tab.page.get_attribute("#try-killed .here", "href")
    assert link
    assert "play=killed" in link
    assert "left=reliable" in link
    unknown = shown[1]("/?play=%3Cscript%3E")
    assert not unknown.page.query_selector("details[open]")


@pytest.mark.heavy
def test_everybody_can_read_them(shown: tuple[Demo, Open]) -> None:
    for look in LOOKS:
        tab = shown[1](**look)
        for one in EXPERIMENTS:
            unfold(tab, one.name)
        is_for_all(tab.page)


@pytest.mark.heavy
@pytest.mark.parametrize("columns", PAIRS)
@pytest.mark.parametrize("name", [one.name for one in EXPERIMENTS])
def test_each_by_button(name: str, columns: tuple[str, str], shown: tuple[Demo, Open]) -> None:
    left, right = columns
    tab = shown[1](f"/?left={left}&right={right}")
    said = play(tab, name)
    if "Run it again." in said:  # on a busy machine; it never ticks what was not seen
        assert done(tab) == []
        said = play(tab, name)
    assert done(tab) == [name], said
