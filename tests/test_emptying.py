"""Resetting forgets the last click, and emptying asks before it deletes: on the real page."""

from collections.abc import Callable

import pytest

from tests.browser import LOOKS, follow, is_for_all
from tests.parts import Web
from tests.processes import eventually
from tests.stage import Stage


def test_a_reset_forgets_the_last_click_in_every_tab(stage: Stage) -> None:
    tabs = [stage.open(), stage.open()]
    for tab in tabs:
        tab.page.click("#prodcons .one")
        tab.page.wait_for_selector("#prodcons .last >> text=when this was pushed")
    tabs[0].shows("prodcons", sent="2", waiting="2")
    tabs[0].page.click("#reset button")
    for tab in tabs:
        tab.shows("prodcons", sent="0", waiting="2")
        eventually(lambda tab=tab: tab.page.inner_text("#prodcons .last") == "")  # type: ignore[misc]


def test_nothing_is_deleted_unless_the_question_is_answered(stage: Stage) -> None:
    tab = stage.open()
    page = tab.page
    assert page.is_disabled("#ask-to-empty button")
    page.click("#prodcons a >> text=10")
    tab.shows("prodcons", waiting="10")
    for selector, key in (("#empty .no", "Enter"), ("#empty", "Escape")):
        page.click("#ask-to-empty button")
        assert "Really? 10 messages are deleted" in page.inner_text("#empty")
        assert page.evaluate("document.activeElement.className") == "no"
        page.press(selector, key)
        assert not page.is_visible("#empty")
        assert page.evaluate("document.activeElement.textContent") == "Empty the queues"
    assert stage.web.figures("prodcons")["waiting"] == 10
    page.click("#ask-to-empty button")
    stage.web.send("/prodcons")
    page.wait_for_selector("#empty >> text=Really? 11 messages are deleted")
    page.click("#empty .yes")
    tab.shows("prodcons", sent="0", waiting="0")
    assert page.is_disabled("#ask-to-empty button")


def test_without_a_script_a_page_asks(stage: Stage) -> None:
    tab = stage.open("/?left=reliable&right=stream", java_script_enabled=False)
    follow(tab.page, "#ask-to-empty button")
    assert "there is nothing to delete" in tab.page.inner_text("main")
    stage.web.send("/reliable?count=2")
    stage.web.send("/prodcons")
    # Each web process learns of it in its own time.
    eventually(lambda: tab.page.reload() and "Really? 3 messages" in tab.page.inner_text("main"))
    assert "Reliable queue: 2 waiting" in tab.page.inner_text("main")
    follow(tab.page, "text=No, keep")
    assert "left=reliable&right=stream" in tab.page.url
    assert stage.web.figures("reliable")["waiting"] == 2
    follow(tab.page, "#ask-to-empty button")
    eventually(lambda: tab.page.reload() and "Really? 3 messages" in tab.page.inner_text("main"))
    follow(tab.page, "#empty .yes")
    assert "left=reliable&right=stream" in tab.page.url
    tab.shows_at_last("reliable", sent="0", waiting="0")


@pytest.mark.parametrize("script", [True, False])
def test_everybody_can_answer(script: bool, stage: Stage) -> None:
    stage.web.send("/prodcons?count=10")
    eventually(lambda: stage.web.figures("prodcons")["waiting"] == 10)
    for look in LOOKS:
        tab = stage.open(java_script_enabled=True, **look)
        if script:
            tab.page.click("#ask-to-empty button")
        else:
            tab.page.goto(f"http://{stage.web.host}/empty")
        assert tab.page.is_visible("#empty .yes")
        is_for_all(tab.page)


def test_where_nothing_is_live_nothing_is_asked(start: Callable[..., Web]) -> None:
    assert start(Web, LIVE="0").ask("/empty").status == 404
