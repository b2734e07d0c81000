"""The five experiments: each gets its tick when it happened, and only then."""

import signal
from pathlib import Path

from tests.browser import Tab
from tests.parts import RedisServer
from tests.processes import eventually
from tests.stage import Stage

BOTH = ("prodcons", "pubsub")
TEN, THOUSAND = "a >> text=/^Send 10 by/", "a >> text=/1,000/"


def ticked(tab: Tab) -> list[str]:
    return [
        str(step.get_attribute("id")).removeprefix("try-")
        for step in tab.page.query_selector_all("#guide .done")
    ]


def send(tab: Tab, link: str) -> None:
    for pattern in BOTH:
        before = int(tab.figure(pattern, "sent").replace(",", ""))
        tab.page.click(f"#{pattern} {link}")
        count = {TEN: 10, THOUSAND: 1000}.get(link, 1)
        tab.shows(pattern, sent=f"{before + count:,}")


def test_nothing_is_ticked_while_the_figures_do_not_move(stage: Stage) -> None:
    tab = stage.open()
    listeners = [one for pattern in BOTH for one in stage.listen_all(pattern, "1", "2", "3")]
    for pattern in BOTH:
        tab.shows(pattern, there="3")
    for listener in listeners:
        listener.gets(signal.SIGTERM)
    for pattern in BOTH:
        tab.shows(pattern, there="0")
    again = [stage.listen(pattern, f"again-{pattern}") for pattern in BOTH]
    for pattern in BOTH:
        tab.shows(pattern, there="1")
    again[0].stop()
    tab.shows("prodcons", there="0")
    assert ticked(tab) == []


def test_sent_with_nobody_listening(stage: Stage) -> None:
    tab = stage.open()
    send(tab, TEN)
    stage.listen("pubsub", "late")
    tab.shows("pubsub", there="1")
    assert ticked(tab) == []
    stage.listen("prodcons", "late")
    tab.shows("prodcons", received="10", waiting="0")
    # The one listener took the newest first, which a page that is quick enough ticks as well.
    eventually(lambda: "nobody" in ticked(tab))
    tab.page.reload()
    tab.is_live()
    assert {"nobody"} <= {*ticked(tab)} <= {"nobody", "order"}


def test_a_third_listener(stage: Stage) -> None:
    tab = stage.open()
    for pattern in BOTH:
        stage.listen_all(pattern, "1", "2")
        tab.shows(pattern, there="2")
    send(tab, TEN)
    for pattern in BOTH:
        stage.listen(pattern, f"{pattern}-3")
        tab.shows(pattern, there="3")
    tab.shows("pubsub", received="20")
    assert ticked(tab) == []
    send(tab, TEN)
    eventually(lambda: ticked(tab) == ["third"])


def test_a_listener_stopped_in_a_burst(stage: Stage) -> None:
    tab = stage.open()
    slow = [stage.listen(pattern, f"slow-{pattern}", "--work", "0.02") for pattern in BOTH]
    for pattern in BOTH:
        tab.shows(pattern, there="1")
    send(tab, THOUSAND)
    for pattern in BOTH:
        tab.page.wait_for_selector(f"#{pattern} .cards .working")
        tab.page.wait_for_selector(f"#{pattern} .cards [data-f=received] >> text=/[1-9]/")
    assert "stop" not in ticked(tab)
    for listener in slow:
        listener.gets(signal.SIGTERM)
    eventually(lambda: "stop" in ticked(tab))
    assert set(ticked(tab)) <= {"stop", "order"}


def test_the_order_of_a_backlog(stage: Stage) -> None:
    tab = stage.open()
    real = stage.listen("prodcons", "real", "--work", "0.05", "--oldest-first")
    tab.shows("prodcons", there="1")
    tab.page.click(f"#prodcons {TEN}")
    tab.shows("prodcons", received="10")
    assert ticked(tab) == []  # a queue keeps the order
    real.stop()
    tab.shows("prodcons", there="0")
    stage.listen("prodcons", "stack", "--work", "0.05")
    tab.shows("prodcons", there="1")
    for _ in range(3):
        tab.page.click(f"#prodcons {TEN}")
    eventually(lambda: ticked(tab) == ["order"])


def test_redis_restarted(stage: Stage, tmp_path: Path) -> None:
    tab = stage.open()
    stage.server.kill()
    tab.page.wait_for_selector("body.away")
    assert ticked(tab) == []
    stage.start(RedisServer, stage.server.port, tmp_path)
    tab.is_live()
    eventually(lambda: ticked(tab) == ["restart"])
