"""The live page in a real browser: what one sees is what happened."""

import re
import signal
from pathlib import Path

from tests.parts import RedisServer, Web
from tests.processes import eventually
from tests.stage import Stage


def test_one_click_goes_to_one_of_the_queue_and_to_all_of_the_channel(stage: Stage) -> None:
    listeners = stage.listen_all("prodcons", "prodcons-1", "prodcons-2")
    listeners += stage.listen_all("pubsub", "pubsub-1", "pubsub-2")
    tab = stage.open()
    for pattern in ("prodcons", "pubsub"):
        tab.shows(pattern, there="2")
        tab.page.click(f"#{pattern} .one")
    tab.shows("prodcons", sent="1", received="1", waiting="0")
    tab.shows("pubsub", sent="1", received="2", deliveries="2", unheard="0")
    tab.says("prodcons", "1 sent: it went to one of 2 listeners, 0 waiting.")
    tab.says("pubsub", "1 sent: 2 listeners heard it, 2 deliveries.")
    taken = [one for one in listeners[:2] if one.messages()]
    assert len(taken) == 1
    (message,) = taken[0].messages()
    eventually(lambda: sum(flight["to"] != "" for flight in tab.flights()) == 3)
    queue = [f for f in tab.flights() if f["column"] == "prodcons" and f["to"]]
    assert [(f["id"], f["body"]) for f in queue] == [(message["id"], message["body"])]
    assert stage.ids("prodcons")[queue[0]["to"]] == message["listener"]
    channel = [f for f in tab.flights() if f["column"] == "pubsub" and f["to"]]
    assert {f["id"] for f in channel} == {listeners[2].messages()[0]["id"]}
    assert {stage.ids("pubsub")[f["to"]] for f in channel} == {"pubsub-1", "pubsub-2"}


def test_with_nobody_listening_one_side_keeps_it_and_the_other_does_not(stage: Stage) -> None:
    tab = stage.open()
    for pattern in ("prodcons", "pubsub"):
        assert tab.page.is_visible(f"#{pattern} .nobody")
        tab.page.fill(f"#{pattern} input", "hello")
        tab.page.click(f"#{pattern} form button")
    tab.shows("prodcons", sent="1", waiting="1", received="0")
    tab.shows("pubsub", sent="1", unheard="1", received="0")
    tab.says("prodcons", "1 sent: nobody is listening, 1 waiting.")
    tab.says("pubsub", "1 sent: nobody was listening, it is gone.")
    assert tab.page.inner_text("#prodcons .stack ol li") == "hello"
    assert "nobody was listening" in tab.page.inner_text("#pubsub .last")
    eventually(lambda: any(f["body"] == "hello gone" for f in tab.flights()))
    eventually(lambda: any("rests" in f["kind"] for f in tab.flights()))
    assert not any(flight["to"] for flight in tab.flights())


def test_listeners_come_leave_and_are_gone(stage: Stage) -> None:
    tab = stage.open()
    killed = stage.listen("prodcons", "killed", "--work", "30")
    tab.shows("prodcons", there="1")
    stopped = stage.listen("pubsub", "stopped")
    tab.shows("pubsub", there="1")
    assert tab.cards("prodcons") == {"killed": "waiting"}
    tab.page.fill("#prodcons input", "mine")
    tab.page.click("#prodcons form button")
    tab.page.wait_for_selector("#prodcons .cards .working >> text=on mine")
    killed.gets(signal.SIGKILL)
    stopped.gets(signal.SIGTERM)
    tab.page.wait_for_selector("#pubsub .cards .left >> text=left")
    tab.page.wait_for_selector("#pubsub .cards .left", state="detached")
    assert tab.cards("pubsub") == {}
    tab.page.wait_for_selector("#prodcons .cards .gone")
    eventually(lambda: any(f["body"] == "mine lost" for f in tab.flights()))
    assert re.search(r"gone \d+ s ago, «mine» lost", tab.page.inner_text("#prodcons .cards .gone"))
    tab.says(
        "prodcons",
        "1 sent: nobody is listening, 0 waiting, 1 lost by a listener that died, 1 listener gone.",
    )


def test_a_burst_of_ten_thousand_is_counted_exactly(stage: Stage) -> None:
    queue = stage.listen_all("prodcons", "prodcons-1", "prodcons-2")
    channel = stage.listen_all("pubsub", "pubsub-1", "pubsub-2")
    tab = stage.open()
    for pattern in ("prodcons", "pubsub"):
        tab.shows(pattern, there="2")
    for _ in range(10):
        for pattern in ("prodcons", "pubsub"):
            stage.web.send(f"/{pattern}?count=1000")
    tab.shows("prodcons", sent="10,000", received="10,000", waiting="0", unreceived="0")
    tab.shows("pubsub", sent="10,000", received="20,000", deliveries="20,000", missed="0")
    tab.says("prodcons", "10,000 sent: each went to one of 2 listeners, 0 waiting.")
    tab.says("pubsub", "10,000 sent: 2 listeners heard each, 20,000 deliveries.")
    assert sum(len(one.messages()) for one in queue) == 10_000
    for listener, card in zip(
        channel, tab.page.query_selector_all("#pubsub .cards li"), strict=True
    ):
        assert len(listener.messages()) == 10_000
        assert "10,000 received" in card.inner_text()
    assert any("grain" in flight["kind"] for flight in tab.flights())


def test_redis_is_restarted_under_an_open_page(stage: Stage, tmp_path: Path) -> None:
    stage.listen("prodcons", "one")
    stage.listen("pubsub", "two")
    tab = stage.open()
    for pattern in ("prodcons", "pubsub"):
        tab.shows(pattern, there="1")
        tab.page.click(f"#{pattern} a >> text=10")
        tab.shows(pattern, sent="10", received="10")
    stage.server.kill()
    tab.page.wait_for_selector("body.away #bar p >> text=is away")
    tab.page.click("#prodcons .one")
    tab.page.wait_for_selector("#prodcons .last >> text=is away")
    tab.errors.clear()  # the browser notes the 503
    stage.start(RedisServer, stage.server.port, tmp_path)
    tab.is_live()
    for pattern in ("prodcons", "pubsub"):
        tab.shows(pattern, sent="10", received="10", there="1")
        tab.page.click(f"#{pattern} .one")
        tab.shows(pattern, sent="11", received="11")
    late = stage.open()  # what Redis lost, the processes told again
    late.shows("prodcons", sent="11", received="11")
    late.shows("pubsub", sent="11", received="11")


def test_the_web_goes_and_comes_back(stage: Stage) -> None:
    stage.listen("prodcons", "one")
    tab = stage.open()
    tab.page.click("#prodcons .one")
    tab.shows("prodcons", sent="1", received="1")
    stage.web.stop()
    tab.page.wait_for_selector("body.away #bar p >> text=The web does not answer")
    tab.errors.clear()  # the browser notes that it cannot connect
    again = stage.start(Web, REDIS_URL=stage.server.url, PORT=str(stage.web.port))
    assert again.popen.poll() is None
    tab.page.wait_for_selector("#bar .is-live")
    tab.errors.clear()
    tab.shows("prodcons", sent="1", received="1")


def test_two_tabs_agree(stage: Stage) -> None:
    stage.listen_all("pubsub", "pubsub-1", "pubsub-2")
    tabs = [stage.open(), stage.open()]
    for tab in tabs:
        tab.shows("pubsub", there="2")
        tab.page.click("#pubsub .one")
        tab.page.click("#prodcons a >> text=10")
    for tab in tabs:
        tab.shows("pubsub", sent="2", received="4")
        tab.shows("prodcons", sent="20", waiting="20")
    tabs[0].page.click("#reset button")
    for tab in tabs:
        tab.shows("pubsub", sent="0", received="0")
        tab.shows("prodcons", sent="0", waiting="20")
        assert tab.page.is_disabled("#reset button")
    tabs[1].page.click("#ask-to-empty button")
    tabs[1].page.click("#empty .yes")
    for tab in tabs:
        tab.shows("prodcons", sent="0", waiting="0")
