"""The live page for those who pause it, come too many, lack a script, or send what is hostile."""

import signal
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser import LOOKS, Tab, follow, is_for_all
from tests.parts import RedisServer, Web
from tests.processes import eventually
from tests.stage import Stage


def test_pause_holds_the_display_and_resume_catches_up(stage: Stage) -> None:
    tab = stage.open()
    tab.page.click("#pause")
    tab.page.click("#pubsub .one")
    eventually(lambda: stage.web.figures("pubsub")["sent"] == 1)
    tab.page.wait_for_selector("#bar p >> text=Paused")
    assert tab.figure("pubsub", "sent") == "0"
    tab.page.click("#pause >> text=Resume")
    tab.shows("pubsub", sent="1")


def test_a_pause_hides_no_trouble(stage: Stage) -> None:
    tab = stage.open()
    tab.page.click("#pause")
    stage.web.kill()
    tab.page.wait_for_selector("body.away #bar p >> text=The web does not answer")
    tab.page.click("#pause >> text=Resume")
    assert "does not answer" in tab.page.inner_text("#bar p")
    tab.errors.clear()  # the browser notes that it cannot connect
    stage.start(Web, REDIS_URL=stage.server.url, PORT=str(stage.web.port))
    tab.is_live()
    tab.errors.clear()


def test_where_too_many_watch_the_figures_still_come(
    start: Callable[..., Any], own_server: RedisServer, browser: Browser
) -> None:
    stage = Stage(start, own_server, browser, VIEWER_LIMIT="0")
    tab = Tab(stage.browser, f"http://{stage.web.host}/")
    tab.page.wait_for_selector("#bar p >> text=Too many are watching")
    tab.page.click("#prodcons .one")
    tab.shows("prodcons", sent="1", waiting="1")
    assert any("503" in error for error in tab.errors)
    tab.context.close()


def test_without_a_script_the_figures_stand_there_and_the_links_work(stage: Stage) -> None:
    stage.listen("prodcons", "one")
    tab = stage.open(java_script_enabled=False)
    follow(tab.page, "#prodcons .one")
    assert "Last click: the queue’s length was 1 when this was pushed." in tab.page.inner_text(
        "#prodcons .last"
    )
    tab.shows_at_last("prodcons", sent="1", received="1")
    assert tab.cards("prodcons").keys() == {"one"}
    tab.page.fill("#pubsub input", "你好")
    follow(tab.page, "#pubsub form button")
    tab.shows_at_last("pubsub", unheard="1")
    follow(tab.page, "#reset button")
    assert tab.figure("pubsub", "unheard") == "0"
    assert not tab.page.is_visible("#pause")
    assert not tab.page.is_visible("#charts")


@pytest.mark.parametrize("comes", ["never", "not at all"])
def test_the_page_is_live_without_its_charts(comes: str, stage: Stage) -> None:
    tab = stage.open()
    waiting: list[Route] = []  # for an answer
    refuse = comes == "not at all"
    tab.page.route("**/uPlot*", lambda one: one.abort() if refuse else waiting.append(one))
    tab.page.reload(wait_until="commit")
    tab.is_live()
    tab.page.click("#prodcons .one")
    tab.shows("prodcons", sent="1", waiting="1")
    assert not tab.page.is_visible("#charts")
    if refuse:
        tab.page.wait_for_selector("text=The charts could not be loaded")
        assert tab.errors
        tab.errors.clear()  # the browser notes what it did not get
    else:
        for route in waiting:
            route.continue_()
        tab.page.wait_for_selector("#rates canvas")


def test_axe_finds_nothing_in_either_scheme_and_nothing_is_too_wide(stage: Stage) -> None:
    stage.listen("prodcons", "slow", "--work", "0.3")
    gone = stage.listen("pubsub", "gone")
    stage.listen("pubsub", "there")
    tabs = [stage.open(**look) for look in LOOKS]
    tabs[0].shows("pubsub", there="2")
    gone.gets(signal.SIGKILL)
    for tab in tabs:
        tab.page.click("#prodcons a >> text=10")
        tab.page.click("#pubsub .one")
    for tab in tabs:
        tab.page.wait_for_selector("#pubsub .cards .gone")
        is_for_all(tab.page)


# Whether the words of a column's title and its commands have a line, or a place, of their own each.
APART = """() => [...document.querySelectorAll(".pattern")].every((column) => {
  const title = column.querySelector("h2");
  const words = document.createRange();
  words.selectNodeContents(title);
  const line = title.getBoundingClientRect().bottom;
  const shown = [...words.getClientRects()].filter((one) => one.top < line);
  const commands = column.querySelector(".commands").getBoundingClientRect();
  const right = Math.max(...shown.map((one) => one.right));
  return right <= commands.left || commands.top >= line;
})"""


@pytest.mark.parametrize("height", [800, 1000])
def test_commands_do_not_lie_on_the_title(height: int, stage: Stage) -> None:
    for width in (830, 1110, 1240):
        tab = stage.open(viewport={"width": width, "height": height})
        assert tab.page.evaluate(APART), width


@pytest.mark.parametrize(
    "body",
    [
        "<script>document.title = 'mine'</script><img src=x onerror=alert(1)>",
        "‮reversed⁦ text‏",
        "長" * 682,
    ],
    ids=["markup", "direction", "2 KiB"],
)
def test_a_hostile_body_is_text(body: str, stage: Stage) -> None:
    stage.listen("pubsub", "one")
    tab = stage.open()
    tab.shows("pubsub", there="1")
    width = tab.page.evaluate("document.documentElement.scrollWidth")
    for pattern in ("pubsub", "prodcons"):
        tab.page.fill(f"#{pattern} input", body)
        tab.page.click(f"#{pattern} form button")
        tab.shows(pattern, sent="1")
    tab.shows("pubsub", received="1")
    shown = tab.page.text_content("#pubsub .cards [data-f=last]") or ""
    assert shown == body[:80]
    assert (tab.page.text_content("#prodcons .stack ol li") or "") == body[:80]
    assert tab.page.title() == "Queue or channel?"
    assert tab.page.evaluate("document.documentElement.scrollWidth") == width
    eventually(lambda: tab.flights())
    assert not tab.page.query_selector(".track img, .track script")


def test_motion_is_left_out_where_it_is_not_wanted(stage: Stage) -> None:
    stage.listen("pubsub", "one")
    tab = stage.open(reduced_motion="reduce")
    tab.shows("pubsub", there="1")
    tab.page.click("#pubsub .one")
    tab.page.wait_for_selector("#pubsub .dot")
    places = tab.page.evaluate(
        """() => document.getAnimations().map((one) => one.effect.getKeyframes()).map((frames) =>
             [frames[0].computedOffset, new Set(frames.map((frame) => frame.transform)).size])"""
    )
    assert places
    assert all(place == [0, 1] for place in places)  # each stands where it is, from the start
