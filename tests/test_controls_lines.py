"""What only the demo's proxies can do, by its button: the right line is cut, and no other."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser import Tab
from tests.clicks import click, said, says
from tests.parts import Demo
from tests.pressing import Pressing, pids, press, press_in_column
from tests.processes import eventually

# Notes what any card of the channel says that its listener was told.
RECORD = """() => {
  window.told = {};
  const note = () => document.querySelectorAll("#pubsub .cards > li").forEach((card) => {
    const said = card.querySelector(".told").textContent;
    if (said) window.told[said] = card.querySelector("b").textContent;
  });
  new MutationObserver(note).observe(document.querySelector("#pubsub .cards"),
    {childList: true, subtree: true, characterData: true});
}"""


def reconnected(one: Pressing) -> set[str]:
    """The listeners that said that they had to connect again."""
    return {*re.findall(r"(\S+) +Reconnected to", one.demo.text)}


def newest(tab: Tab, pattern: str) -> str:
    """The number of the last message and what became of it, or nothing yet."""
    return " ".join(said(tab, pattern)[0]) if said(tab, pattern) else ""


@pytest.mark.parametrize("verb", [pytest.param("cut", marks=pytest.mark.heavy), "keep_out"])
def test_who_is_cut_off_comes_back_and_no_other_notices(verb: str, pressing: Pressing) -> None:
    tab = pressing.open()
    before = pids(tab)
    tab.page.evaluate(RECORD)
    assert "CLIENT KILL" in press(tab, "pubsub-2", verb)
    if verb == "keep_out":
        eventually(lambda: tab.page.evaluate("window.told") == {"kept out": "pubsub-2"})
    eventually(lambda: reconnected(pressing) == {"pubsub-2"})
    eventually(lambda: pids(tab) == before)  # it may have counted as gone for a moment
    click(tab, "pubsub")
    eventually(lambda: "pubsub-2" in newest(tab, "pubsub"))


@pytest.mark.heavy
def test_a_dead_line_is_one_on_which_nothing_comes(pressing: Pressing) -> None:
    tab = pressing.open()
    press(tab, "pubsub-1", "line_dead")
    click(tab, "pubsub")
    says(tab, "pubsub", ("1", "sent to 2, heard by pubsub-2"))


def test_a_reply_to_a_send_is_lost(pressing: Pressing) -> None:
    tab = pressing.open()
    for pattern, title in (("prodcons", "Producer–consumer"), ("pubsub", "Publish–subscribe")):
        press_in_column(tab, pattern, title, "lose_send")
        click(tab, pattern)
        tab.page.wait_for_selector(f"#{pattern} .last.trouble >> text=nobody knows")
        eventually(lambda at=pattern: "reply lost, and yet" in newest(tab, at))  # type: ignore[misc]
        click(tab, pattern)
        eventually(lambda at=pattern: newest(tab, at).startswith("2 "))  # type: ignore[misc]
        assert "lost" not in newest(tab, pattern)
    tab.errors.clear()  # the browser notes the 504


@pytest.mark.heavy
def test_a_message_is_lost_on_its_way(pressing: Pressing) -> None:
    tab = pressing.open()
    press(tab, "prodcons-2", "stop")
    tab.shows("prodcons", there="1")
    press(tab, "prodcons-1", "lose_pop")
    click(tab, "prodcons")
    says(tab, "prodcons", ("1", "waits no longer; who took it was not told"))
    eventually(lambda: reconnected(pressing) == {"prodcons-1"})


@pytest.mark.heavy
def test_an_acknowledgement_is_lost(demo: Callable[..., Demo], browser: Browser) -> None:
    one = Pressing(demo, browser, "prodcons", "reliable")
    tab: Tab = one.open()
    press(tab, "reliable-1", "stop")
    tab.shows("reliable", there="1")
    assert "LREM" in press(tab, "reliable-2", "lose_ack")
    click(tab, "reliable")
    eventually(lambda: "taken by reliable-2" in newest(tab, "reliable"))
    eventually(lambda: reconnected(one) == {"reliable-2"})
    one.end()
