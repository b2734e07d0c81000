"""Slow motion, and what the page offers where nobody obeys it."""

from tests.browser import Tab
from tests.clicks import click
from tests.processes import eventually
from tests.stage import Stage


def durations(tab: Tab) -> list[float]:
    """How long each dot that flies takes, in ms."""
    flying = "document.getAnimations().filter((one) => one.effect.target.matches('.dot'))"
    return [*tab.page.evaluate(f"{flying}.map((one) => one.effect.getTiming().duration)")]


def test_in_slow_motion_a_dot_takes_three_seconds_until_too_many_move(stage: Stage) -> None:
    tab = stage.open()
    slow = tab.page.get_by_role("button", name="Slow motion")
    slow.click()
    assert slow.get_attribute("aria-pressed") == "true"
    assert "a dot takes 3 s" in tab.page.inner_text("#play .came")
    click(tab, "pubsub")
    assert eventually(lambda: durations(tab)) == [1500]  # to the channel, then as long to each
    stage.listen_all("pubsub", "a", "b")
    tab.shows("pubsub", there="2")
    click(tab, "pubsub", "Send 10")
    tab.shows("pubsub", received="20")
    assert slow.get_attribute("aria-pressed") == "true"  # ten can be followed
    eventually(lambda: sum(flight["to"] != "" for flight in tab.flights()) == 20)
    click(tab, "pubsub", "Send 1,000")
    tab.page.wait_for_selector("#play .came >> text=Slow motion turned itself off: more than 12")
    assert slow.get_attribute("aria-pressed") == "false"
    click(tab, "pubsub")
    eventually(lambda: any(one < 1500 for one in durations(tab)))


def test_slow_motion_is_no_motion_where_none_is_wanted(stage: Stage) -> None:
    stage.listen("pubsub", "one")
    tab = stage.open(reduced_motion="reduce")
    tab.shows("pubsub", there="1")
    tab.page.get_by_role("button", name="Slow motion").click()
    click(tab, "pubsub")
    tab.page.wait_for_selector("#pubsub .dot")
    places = tab.page.evaluate(
        """() => document.getAnimations().map((one) => one.effect.getKeyframes()).map((frames) =>
             new Set(frames.map((frame) => frame.transform)).size)"""
    )
    assert places
    assert {*places} == {1}


def test_without_a_script_nothing_is_offered_that_needs_one(stage: Stage) -> None:
    stage.listen("prodcons", "one")
    tab = stage.open(java_script_enabled=False)
    for offered in ("#play", ".last-twelve", ".menu-of-card", ".start", "dialog"):
        assert not tab.page.locator(f"{offered}:visible").count()
    assert tab.page.is_visible("#prodcons .more code")


def test_without_a_demo_a_menu_has_commands_to_copy(stage: Stage) -> None:
    one = stage.listen("prodcons", "one")
    tab = stage.open()
    tab.shows("prodcons", there="1")
    assert not tab.page.locator(".start:visible, .of-all:visible").count()
    tab.page.get_by_role("button", name="Controls of one").click()
    menu = tab.page.locator("dialog[open]")
    assert "No demo obeys this page" in menu.inner_text()
    assert not menu.locator(".do:visible").count()
    typed = menu.locator("code:visible").all_inner_texts()
    assert f"kill -STOP {one.popen.pid}" in typed
    assert not any("{" in command for command in typed)
