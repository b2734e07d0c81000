"""The menus of listeners and columns: who gets which, by mouse, keyboard and touch."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import LOOKS, Tab, is_for_all
from tests.parts import Listener
from tests.pressing import Pressing, came, is_stopped, menu, pids


@pytest.mark.heavy
def test_only_who_can_turn_is_offered_an_order(pressing: Pressing) -> None:
    tab = pressing.open()
    lines = menu(tab, "Controls of pubsub-1")
    assert lines.locator("li[data-verb=freeze]").is_visible()
    for verb in ("oldest_first", "newest_first", "lose_ack"):
        assert not lines.locator(f"li[data-verb={verb}]").count()


def test_who_was_started_by_hand_is_not_touched(
    pressing: Pressing, start: Callable[..., Any]
) -> None:
    tab = pressing.open()
    url = pressing.demo.environ["REDIS_URL"]
    hand = start(Listener, "prodcons", "--name", "mine", REDIS_URL=url)
    tab.page.wait_for_selector("#prodcons .cards b >> text=mine")
    lines = menu(tab, "Controls of mine")
    assert "The demo has not started mine and does not touch it" in lines.inner_text()
    assert not lines.locator(".do:visible").count()
    typed = lines.locator("code:visible").all_inner_texts()
    for command in (
        f"kill -STOP {hand.popen.pid}",
        f"kill -9 {hand.popen.pid}",
        f"kill {hand.popen.pid}",
    ):
        assert command in typed
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lines.locator("li[data-verb=freeze] .copy").click()
    assert tab.page.evaluate("navigator.clipboard.readText()") == f"kill -STOP {hand.popen.pid}"
    os.kill(hand.popen.pid, signal.SIGTERM)
    tab.page.wait_for_selector("dialog[open] >> text=mine is not there any more.")


def test_a_menu_is_used_by_keyboard_and_stays_open(pressing: Pressing) -> None:
    tab = pressing.open()
    button = tab.page.get_by_role("button", name="Controls of prodcons-2", exact=True)
    button.focus()
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate(
        "document.querySelector('dialog[open]').contains(document.activeElement)"
    )
    tab.page.evaluate("fetch('/prodcons?count=10', {method: 'POST'})")
    tab.shows("prodcons", sent="10", received="10")
    assert tab.page.is_visible("dialog[open]")
    tab.page.keyboard.press("Escape")
    assert tab.page.is_hidden("#prodcons-listener")
    assert button.evaluate("(one) => one === document.activeElement")
    for _ in range(2):  # to the close button and the first verb, which is to freeze
        tab.page.keyboard.press("Enter" if tab.page.is_hidden("#prodcons-listener") else "Tab")
    tab.page.keyboard.press("Enter")
    assert "kill -STOP" in came(tab, "#prodcons .last")
    assert is_stopped(pids(tab)["prodcons-2"])


def test_the_menus_are_for_all(pressing: Pressing) -> None:
    for look in LOOKS:
        is_menu_for_all(pressing.open(**look), is_touched=look["viewport"]["width"] <= 820)


def is_menu_for_all(tab: Tab, is_touched: bool) -> None:
    for name in ("Controls of prodcons-1", "Controls of Producer–consumer", "Restart Redis …"):
        menu(tab, name)
        is_for_all(tab.page)
        for button in tab.page.locator("dialog[open] .do:visible, dialog[open] .close").all():
            box = button.bounding_box()
            assert box
            assert box["height"] >= 44
        tab.page.keyboard.press("Escape")
    if not is_touched:
        return
    for button in tab.page.locator(".menu-of-card:visible, .start button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["height"], box["width"]) >= 44
