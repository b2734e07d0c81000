"""The experiments on the page without a demo: by hand, and without a script."""

import re
import signal

import pytest

from pages.front.experiments import EXPERIMENTS
from tests.parts import Web
from tests.playing import done, ticks, unfold
from tests.processes import eventually
from tests.stage import Stage
from tests.traces import PAIRS

BOTH = ("prodcons", "pubsub")


def both(steps: list[bool]) -> dict[str, list[bool]]:
    return {pattern: steps for pattern in BOTH}  # noqa: C420  # of which none is changed


def test_by_hand_the_same_steps_are_ticked(stage: Stage) -> None:
    tab = stage.open()
    assert not tab.page.is_visible("#try-nobody .play")
    old = [stage.listen(pattern, f"old-{pattern}") for pattern in BOTH]
    for pattern in BOTH:
        tab.shows(pattern, there="1")
    unfold(tab, "nobody")
    pids = " ".join(str(one.popen.pid) for one in old)
    assert tab.page.inner_text("#try-nobody [data-typed] ") == f"kill {pids}"
    for one in old:
        one.gets(signal.SIGTERM)
    eventually(lambda: ticks(tab, "nobody") == both([True, False, False]))
    for pattern in BOTH:
        tab.page.click(f"#{pattern} a.one")
    eventually(lambda: ticks(tab, "nobody") == both([True, True, False]))
    stage.listen("pubsub", "late")
    eventually(lambda: ticks(tab, "nobody")["pubsub"] == [True, True, True])
    assert done(tab) == []  # not in every column
    stage.listen("prodcons", "late")
    eventually(lambda: done(tab) == ["nobody"])


def test_without_a_script_the_experiments_are_text_and_commands(stage: Stage) -> None:
    stage.listen("prodcons", "ears")
    tab = stage.open("/?play=nobody", java_script_enabled=False)
    assert tab.page.is_visible("#try-nobody .steps")
    assert "listeners/pubsub.py" in tab.page.inner_text("#try-nobody .steps")
    assert not tab.page.is_visible("#try-nobody .play")
    tab.page.click("#try-order summary")
    assert tab.page.is_visible("#try-order .steps")


@pytest.mark.parametrize("columns", PAIRS)
def test_every_link_leads_to_a_cell_that_was_measured(columns: tuple[str, str], web: Web) -> None:
    left, right = columns
    page = web.ask(f"/?left={left}&right={right}").text
    links = {*re.findall(r'href="(/compare/[^"]+/[^"]+)"', page)}
    assert len(links) >= 2 * len(EXPERIMENTS) - 2
    for link in links:
        assert web.ask(link).status == 200, link
