"""The page of work in a real browser, with a real web and a real worker."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from jobs.ways.list import QUEUE
from jobs.work import State
from tests.browser import LOOKS, Tab, follow, is_for_all
from tests.parts import RedisServer
from tests.pieces import keep
from tests.processes import Process
from tests.stage import Stage

DO_IT, FIVE = ".send .one", ".send >> text=/^Five/"
LONG = "averyveryverylongword" * 9


@pytest.fixture
def own(own_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(own_server.url) as redis:
        yield redis


def work(stage: Stage) -> Process:
    worker: Process = stage.start(
        Process, [sys.executable, "jobs/worker.py"], {"REDIS_URL": stage.server.url}
    )
    return worker


def told(tab: Tab, side: str) -> list[dict[str, Any]]:
    """What JSON tells of each piece of a column, the newest first."""
    urls = tab.page.locator(f"#{side} .pieces a").evaluate_all("all => all.map((a) => a.href)")
    return [
        tab.page.evaluate(
            "(url) => fetch(url, {headers: {Accept: 'application/json'}}).then((a) => a.json())",
            url,
        )
        for url in urls
    ]


def test_one_is_asked_for_and_its_bar_ends(stage: Stage) -> None:
    tab = stage.open("/jobs")
    page = tab.page
    assert "No worker is here" in page.inner_text("#right .workers-part")
    page.fill("#field-seconds", "0.2")
    page.click(f"#right {DO_IT}")
    page.wait_for_selector("#right .pieces li.pending rect.waits[data-since]")
    page.wait_for_selector("#right-last >> text=Last click: asked 0.0 s; waiting for")
    # Between two looks of the web a bar grows by itself.
    page.wait_for_function(
        """() => {
          const rect = document.querySelector("#right rect.waits");
          const told = (rect.ownerSVGElement.dataset.age / rect.ownerSVGElement.dataset.full) * 100;
          return Number.parseFloat(rect.getAttribute("width")) > told + 0.5;
        }"""
    )
    page.focus("#right .pieces a")
    work(stage)
    page.wait_for_selector("#right .pieces li.success rect.works:not([data-since])")
    page.wait_for_selector("#right .say >> text=/1 asked: waited .*, 1 done\\./")
    page.wait_for_selector("#right .workers .waiting >> text=pid")
    assert page.evaluate("document.activeElement.closest('li').className") == "success"
    assert re.fullmatch(
        r"asked 0.0 s; begun after .* by worker-.*; done after .*: Waited 0.2 s\.",
        page.text_content("#right .pieces .unseen") or "",
    )
    page.fill("#field-seconds", "0.1")
    page.focus(f"#left {DO_IT}")
    page.keyboard.press("Enter")
    page.wait_for_selector("#left .pieces li.success")
    page.wait_for_selector("#left-last >> text=done after")
    page.click("#right .forget button")
    page.wait_for_selector("#right .say >> text=Nothing asked")
    assert page.input_value("#field-seconds") == "0.1"


def test_five_at_once_keep_five_waiting_in_the_request_and_nobody_at_a_pool(stage: Stage) -> None:
    tab = stage.open("/jobs?left=inline&right=pool")
    tab.page.fill("#field-seconds", "1")
    for side in ("left", "right"):
        tab.page.click(f"#{side} {FIVE}")
    for side in ("left", "right"):
        tab.page.wait_for_selector(f"#{side} .say >> text=/5 asked: each waited .*, 5 done/")
    left, right = told(tab, "left"), told(tab, "right")
    assert len(left) == len(right) == 5
    assert all(one["answered"] >= one["ended"] for one in left)
    assert max(one["started"] for one in left) < min(one["ended"] for one in left)
    assert all(one["answered"] < one["ended"] for one in right[:4])
    assert {one["state"] for one in (*left, *right)} == {"SUCCESS"}


def test_please_wait_becomes_the_outcome_by_itself(stage: Stage, own: Redis) -> None:
    tab = stage.open("/jobs")
    tab.page.fill("#field-seconds", "0.1")
    tab.page.click(f"#right {DO_IT}")
    follow(tab.page, "#right .pieces a")
    tab.is_live()
    without = stage.open(
        tab.page.url.removeprefix(f"http://{stage.web.host}"), java_script_enabled=False
    )
    for page in (tab.page, without.page):
        assert page.inner_text("h1") == "Please wait …"
        assert "PENDING" in page.inner_text(".badge")
    work(stage)
    for page in (tab.page, without.page):
        page.wait_for_selector("h1 >> text=Done")
        page.wait_for_selector(".result >> text=Waited 0.1 s.")
    follow(tab.page, "text=Forget this piece")
    assert tab.page.url.endswith("/jobs?left=list&right=inline")
    assert own.llen(QUEUE) == 0


def test_without_a_script_the_forms_do_it(stage: Stage) -> None:
    tab = stage.open("/jobs?task=compute", java_script_enabled=False)
    page = tab.page
    page.fill("#field-rounds", "1")
    follow(page, f"#left {FIVE}")
    assert page.url.endswith("/jobs?task=compute#left")
    assert "5 done" in page.inner_text("#left .say")
    follow(page, "#left .choices >> text=A pool of threads")
    follow(page, ".asking .choices >> text=fail")
    page.fill("#field-reason", "No.")
    follow(page, f"#right {DO_IT}")
    assert "1 asked" in page.inner_text("#right .say")
    assert "A pool of threads" in page.inner_text("#left h2")
    follow(page, "text=Queue or channel?")
    follow(page, "text=Who does the work?")
    follow(page, "#left .forget button")
    assert "Nothing asked" in page.inner_text("#left .say")


def test_what_is_refused_is_said_beside_the_button(stage: Stage) -> None:
    tab = stage.open("/jobs?left=rq&task=fail")
    page = tab.page
    page.fill("#field-in", "3")
    page.click(f"#right {DO_IT}")
    page.wait_for_selector("#right-last >> text=list cannot do a piece later")
    tab.errors.clear()  # the browser notes the 400
    page.evaluate("document.querySelector('#field-reason').value = '\\u200b\\u0007'")
    page.fill("#field-in", "")
    page.click(f"#right {DO_IT}")
    page.wait_for_selector("#right-last >> text=reason: a text of 1 to 200 characters")
    tab.errors.clear()


def test_redis_is_restarted_under_an_open_page(stage: Stage, tmp_path: Path) -> None:
    tab = stage.open("/jobs")
    tab.page.click(f"#right {DO_IT}")
    tab.page.wait_for_selector("#right .pieces .pending")
    stage.server.kill()
    tab.page.wait_for_selector("body.away #bar p >> text=is away")
    assert tab.page.locator("#right .pieces li").count() == 1  # the last known
    tab.page.click(f"#right {DO_IT}")
    tab.page.wait_for_selector("#right-last >> text=is away")
    tab.errors.clear()  # the browser notes the 503
    stage.start(RedisServer, stage.server.port, tmp_path)
    tab.is_live()
    tab.page.wait_for_selector("#right .say >> text=Nothing asked")


def test_axe_finds_nothing_and_nothing_is_too_wide(stage: Stage, own: Redis) -> None:
    for way in ("pool", "list"):
        keep(own, way, State.STARTED)  # by a process that is not there
        keep(own, way, State.STARTED, State.FAILURE, why=LONG, task="fail", arguments={"a": LONG})
        keep(own, way, State.STARTED, State.RETRY, State.STARTED, State.SUCCESS)
        pending = keep(own, way)
    for look, path in zip(LOOKS, (f"/jobs/{pending}", "/jobs/list-1"), strict=True):
        tab = stage.open("/jobs?left=pool&right=list&task=notice", **look)
        tab.page.wait_for_selector("#right .pieces .unknown")
        is_for_all(tab.page)
        tab.page.goto(f"http://{stage.web.host}{path}")
        tab.is_live()
        is_for_all(tab.page)
