"""The two patterns that keep a message until it is done, on the live page in a real browser."""

import re
import signal

import pytest
from redis import Redis

from patterns.reliable import DEAD_LETTERS as RELIABLE_DEAD
from tests.browser import LOOKS, follow, is_for_all
from tests.processes import eventually
from tests.stage import Stage

KEPT = "/?left=reliable&right=stream"


def test_one_click_flies_to_who_took_it(stage: Stage) -> None:
    reliable = stage.listen_all("reliable", "reliable-1", "reliable-2")
    groups = [stage.listen("stream", name, "--group", name) for name in ("mail", "audit")]
    tab = stage.open(KEPT)
    for pattern in ("reliable", "stream"):
        tab.shows(pattern, there="2")
        tab.page.click(f"#{pattern} .one")
    tab.shows("reliable", sent="1", received="1", waiting="0")
    tab.shows("stream", sent="1", received="2", waiting="0", redelivered="0", dead="0")
    tab.says("reliable", "1 sent: 1 received, 0 waiting.")
    tab.says("stream", "1 sent: 2 received, 0 waiting for any of 2 groups.")
    eventually(lambda: sum(flight["to"] != "" for flight in tab.flights()) == 3)
    (taken,) = [one for one in reliable if one.messages()]
    (flight,) = [f for f in tab.flights() if f["column"] == "reliable" and f["to"]]
    assert flight["id"] == taken.messages()[0]["id"]
    assert stage.ids("reliable")[flight["to"]] == taken.messages()[0]["listener"]
    heard = {f["id"] for f in tab.flights() if f["column"] == "stream" and f["to"]}
    assert heard == {group.messages()[0]["id"] for group in groups}


@pytest.mark.parametrize("script", [True, False])
def test_the_oldest_is_next(script: bool, stage: Stage) -> None:
    for pattern in ("reliable", "stream"):
        for body in "123456":
            stage.web.send(f"/{pattern}?body={body}")
    eventually(lambda: stage.web.figures("stream")["waiting"] == 6)
    tab = stage.open(KEPT, java_script_enabled=script)
    for pattern in ("reliable", "stream"):
        # Without a script the page shows what the process that answered it knew.
        (tab.shows if script else tab.shows_at_last)(pattern, waiting="6")
        assert tab.page.inner_text(f"#{pattern} .stack .count >> nth=0")[0] == "6"
        boxes = tab.page.query_selector_all(f"#{pattern} .stack li")
        assert [box.inner_text() for box in boxes] == ["4", "3", "2", "1"]
        assert tab.page.inner_text(f"#{pattern} .order").split("\n") == [
            "newest: last",
            "oldest: next",
        ]
    assert tab.page.inner_text("#stream .stack").count("6 in the stream") == 1
    if script:
        assert tab.page.get_attribute("#stream .stack ol", "data-rest") == "+ 2"
        stage.listen("reliable", "slow", "--work", "30")
        tab.page.wait_for_selector("#reliable .stack li:last-child >> text=2")


def test_who_dies_loses_nothing_on_the_page(stage: Stage) -> None:
    tab = stage.open(KEPT)
    killed = stage.listen("reliable", "killed", "--work", "30")
    tab.shows("reliable", there="1")
    tab.page.fill("#reliable input", "mine")
    tab.page.click("#reliable form button")
    tab.page.wait_for_selector("#reliable .cards .working >> text=on mine")
    tab.says("reliable", "1 sent: 0 waiting, 1 in hand.")
    killed.gets(signal.SIGKILL)
    tab.page.wait_for_selector("#reliable .cards .gone >> text=while on mine")
    tab.says(
        "reliable",
        "1 sent: nobody is listening, 0 waiting, 1 to be redelivered, for its "
        "listener died, 1 listener gone.",
    )
    stage.listen("reliable", "next")
    tab.shows("reliable", received="1", redelivered="1", dead="0")
    assert "1 redelivered" in tab.page.inner_text("#reliable .say")
    assert not any("lost" in flight["body"] for flight in tab.flights())


def test_dead_letters_are_shown_where_there_are_any(stage: Stage) -> None:
    tab = stage.open(KEPT)
    assert not tab.page.is_visible("#reliable .dead")
    assert tab.page.is_disabled("#ask-to-empty button")
    with Redis.from_url(stage.server.url) as redis:
        redis.lpush(RELIABLE_DEAD, "1", "2")
    tab.page.wait_for_selector("#reliable .dead >> text=dead letters: 2")
    assert not tab.page.is_visible("#stream .dead")
    tab.page.click("#ask-to-empty button >> text=Empty the queues")
    assert "Really? 2 messages are deleted" in tab.page.inner_text("#empty")
    tab.page.click("#empty .yes")
    tab.page.wait_for_selector("#reliable .dead", state="hidden")


def test_columns_are_chosen_without_a_script(stage: Stage) -> None:
    tab = stage.open(java_script_enabled=False)
    follow(tab.page, "#pubsub .choices >> text=Stream")
    follow(tab.page, "#prodcons .choices >> text=Stream")  # they change places
    columns = tab.page.locator("section.pattern")
    assert columns.evaluate_all("all => all.map((one) => one.id)") == ["stream", "prodcons"]
    for pattern in ("stream", "prodcons"):
        follow(tab.page, f"#{pattern} .one")
        assert "length was 1 when" in tab.page.inner_text(f"#{pattern} .last")
        tab.shows_at_last(pattern, sent="1")
    follow(tab.page, "#reset button")
    assert columns.evaluate_all("all => all.map((one) => one.id)") == ["stream", "prodcons"]
    assert tab.figure("stream", "sent") == "0"
    follow(tab.page, "text=Measured: which one do I take?")
    assert tab.page.url.endswith("/compare")


def test_charts_and_guide_are_those_of_the_columns(stage: Stage) -> None:
    tab = stage.open("/?left=pubsub&right=stream")
    tab.page.click("#stream a >> text=10")
    tab.shows("stream", sent="10")
    tab.page.wait_for_selector("#rates .u-legend")
    legend = tab.page.inner_text("#rates .u-legend")
    assert re.findall(r"(\w+) sent", legend) == ["channel", "stream"]
    for name, columns in {"nobody": "pubsub stream", "order": "stream"}.items():
        assert tab.page.get_attribute(f"#try-{name}", "data-in") == columns


def test_axe_finds_nothing_and_nothing_is_too_wide(stage: Stage) -> None:
    stage.listen("reliable", "slow", "--work", "0.5")
    gone = stage.listen("stream", "gone")
    with Redis.from_url(stage.server.url) as redis:
        redis.lpush(RELIABLE_DEAD, "1")
    tabs = [stage.open(KEPT, **look) for look in LOOKS]
    tabs[0].shows("stream", there="1")
    gone.gets(signal.SIGKILL)
    for tab in tabs:
        tab.page.click("#reliable a >> text=/^Send 1,000 by/")
        tab.page.click("#stream a >> text=/^Send 1,000 by/")
    for tab in tabs:
        tab.page.wait_for_selector("#stream .cards .gone")
        tab.page.click("#pause")  # what is looked at must not leave meanwhile
        is_for_all(tab.page)
