"""Each control of the page does what it says to the right process of a real demo."""

from pathlib import Path

import pytest
from redis import Redis

from tests.pressing import (
    Pressing,
    came,
    is_stopped,
    is_there,
    menu,
    pids,
    press,
    press_in_column,
)
from tests.processes import eventually


def test_freeze_and_go_on(pressing: Pressing) -> None:
    tab = pressing.open()
    before = pids(tab)
    assert f"kill -STOP {before['prodcons-2']}" in press(tab, "prodcons-2", "freeze")
    assert [name for name, pid in before.items() if is_stopped(pid)] == ["prodcons-2"]
    card = "#prodcons .cards .frozen"
    tab.page.wait_for_selector(f"{card} >> text=frozen")
    assert tab.page.inner_text(f"{card} b") == "prodcons-2"
    # Its silence is no death: after three seconds it is still frozen, and nobody says «gone».
    tab.page.wait_for_timeout(4000)
    assert tab.cards("prodcons")["prodcons-2"] == "frozen"
    assert "gone" not in tab.page.inner_text("#prodcons .say")
    tab.shows("prodcons", there="2")
    assert f"kill -CONT {before['prodcons-2']}" in press(tab, "prodcons-2", "go_on")
    tab.page.wait_for_selector(card, state="detached")
    assert pids(tab) == before
    assert not any(is_stopped(pid) for pid in before.values())


@pytest.mark.heavy
def test_slow_and_order_stand_on_the_card(pressing: Pressing) -> None:
    tab = pressing.open()
    before = pids(tab)
    press(tab, "prodcons-1", "slow", '{"ms": 200}')
    tab.page.wait_for_selector("#prodcons .told >> text=200 ms each")
    press(tab, "prodcons-1", "oldest_first")
    tab.page.wait_for_selector("#prodcons .told >> text=200 ms each, oldest first")
    eventually(lambda: pids(tab).keys() == before.keys())
    after = pids(tab)
    assert {name for name in before if before[name] != after[name]} == {"prodcons-1"}
    assert not is_there(before["prodcons-1"])
    command = Path(f"/proc/{after['prodcons-1']}/cmdline").read_text()
    assert "--work" in command
    assert "--oldest-first" in command
    lines = menu(tab, "Controls of prodcons-1")
    assert lines.locator("li[data-verb=oldest_first]").is_hidden()
    assert lines.locator("li[data-verb=newest_first]").is_visible()


@pytest.mark.parametrize(
    ("verb", "typed"),
    [pytest.param("stop", "kill {}", marks=pytest.mark.heavy), ("kill", "kill -9 {}")],
)
def test_stop_and_kill(verb: str, typed: str, pressing: Pressing) -> None:
    tab = pressing.open()
    before = pids(tab)
    said = press(tab, "pubsub-1", verb)
    assert typed.format(before["pubsub-1"]) in said
    eventually(lambda: not is_there(before["pubsub-1"]))
    assert all(is_there(pid) for name, pid in before.items() if name != "pubsub-1")
    state = "left" if verb == "stop" else "gone"
    if verb == "kill":
        tab.page.wait_for_selector(f"#pubsub .cards .{state}")
    eventually(lambda: "pubsub-1" not in pids(tab))
    tab.page.get_by_role("button", name="One more listener of Publish–subscribe").click()
    came(tab, "#pubsub .last")
    eventually(lambda: len([name for name in pids(tab) if name.startswith("pubsub")]) == 2)
    assert len([name for name in pids(tab) if name.startswith("prodcons")]) == 2


@pytest.mark.heavy
def test_all_of_a_column_take_the_oldest_first(pressing: Pressing) -> None:
    tab = pressing.open()
    before = pids(tab)
    press_in_column(tab, "prodcons", "Producer–consumer", "oldest_first")
    tab.page.wait_for_function(
        "() => document.querySelectorAll('#prodcons .told:not([hidden])').length === 2"
    )
    eventually(lambda: pids(tab).keys() == before.keys())
    changed = {name for name, pid in pids(tab).items() if before[name] != pid}
    assert changed == {"prodcons-1", "prodcons-2"}


@pytest.mark.heavy
def test_redis_restarts_when_asked_twice(pressing: Pressing) -> None:
    tab = pressing.open()
    with Redis(port=pressing.demo.redis_port) as redis:
        before = redis.info("server")["process_id"]
    button = tab.page.get_by_role("button", name="Restart Redis …")
    button.click()
    assert f"kill -9 {before}" in tab.page.inner_text("dialog[open]")
    tab.page.keyboard.press("Escape")  # the first click alone does nothing
    with Redis(port=pressing.demo.redis_port) as redis:
        assert redis.info("server")["process_id"] == before
    button.click()
    tab.page.get_by_role("button", name="Restart Redis", exact=True).click()
    assert f"kill -9 {before}" in came(tab, "#play .came")
    with Redis(port=pressing.demo.redis_port) as redis:
        assert redis.info("server")["process_id"] != before
    tab.is_live()
    tab.errors.clear()  # the browser notes what was answered with 503 meanwhile
