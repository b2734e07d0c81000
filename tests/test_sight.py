"""What is in sight when one clicks, on a phone and on a laptop, with the real parts."""

from typing import Any

import pytest
from playwright.sync_api import ViewportSize

from tests.browser import Tab, is_for_all
from tests.processes import eventually
from tests.stage import Stage

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
LAPTOPS: list[ViewportSize] = [{"width": 1240, "height": 800}, {"width": 1366, "height": 768}]
INSIDE = """(selector) => [...document.querySelectorAll(selector)].every((one) => {
  const { top, bottom, left, right } = one.getBoundingClientRect();
  return bottom > top && top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
})"""
# Two frames on, what was resized is drawn.
DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
# Whether a way comes into the box of a text, though the text is no listener's.
CROSSED = """(name) => {
  const track = document.querySelector(`#${name} .track`);
  const { left, top } = track.getBoundingClientRect();
  const words = [...track.querySelectorAll(".sender, .count, .wave p, .order span")];
  const boxes = words.filter((one) => one.offsetWidth).map((one) => {
    const range = document.createRange();
    range.selectNodeContents(one.classList.contains("sender") ? one.lastChild : one);
    return range.getBoundingClientRect();
  });
  return [...track.querySelectorAll(".ways path")].flatMap((way) => {
    const length = way.getTotalLength();
    const isIn = (x, y, box) => x > box.left && x < box.right && y > box.top && y < box.bottom;
    return Array.from({ length: 200 }, (_, i) => way.getPointAtLength((length * i) / 199))
      .map(({ x, y }) => [x + left + track.clientLeft, y + top + track.clientTop])
      .filter(([x, y]) => boxes.some((box) => isIn(x, y, box)));
  }).length;
}"""


def fill(stage: Stage, count: int, path: str = "/", **options: Any) -> Tab:
    """A page with so many listeners on each side, all idle, after a click on each."""
    names = [side.split("=")[1] for side in path[2:].split("&")] if "?" in path else []
    names = names or ["prodcons", "pubsub"]
    for name in names:
        stage.listen_all(name, *(f"{name}-{n}" for n in range(1, count + 1)))
    tab = stage.open(path, **options)
    for name in names:
        tab.shows(name, there=str(count))
        stage.web.send(f"/{name}?count=1000")
        tab.shows(name, sent="1,000", waiting="0") if name != "pubsub" else tab.shows(
            name, sent="1,000"
        )
    return tab


def test_on_a_laptop_four_listeners_the_sentence_and_the_figures_are_in_sight(
    stage: Stage,
) -> None:
    tab = fill(stage, 4)
    for look in LAPTOPS:
        tab.page.set_viewport_size(look)
        assert tab.page.evaluate("scrollY") == 0
        for part in (".send .one", ".track", ".cards > li", ".say", ".pattern dl"):
            assert tab.page.evaluate(INSIDE, part), (look, part)
        is_for_all(tab.page)


def test_on_a_phone_the_picture_is_in_sight_of_the_click(stage: Stage) -> None:
    tab = fill(stage, 2, **PHONE)
    for name in ("pubsub", "prodcons"):
        tab.page.tap(f".sides a[href='#{name}']")  # which is in sight wherever one reads
        eventually(lambda name=name: tab.page.evaluate(INSIDE, f"#{name} .send .one"))  # type: ignore[misc]
        tab.page.tap(f"#{name} .one")
        for part in (".send a", ".last", ".track", ".say"):
            assert tab.page.evaluate(INSIDE, f"#{name} {part}"), (name, part)
    is_for_all(tab.page)


@pytest.mark.parametrize("path", ["/", "/?left=reliable&right=stream"])
def test_no_way_crosses_words(path: str, stage: Stage) -> None:
    tab = fill(stage, 4, path)
    for width in (360, 768, 1240):
        tab.page.set_viewport_size({"width": width, "height": 800})
        tab.page.evaluate(DRAWN)
        for section in tab.page.query_selector_all("section.pattern"):
            name = section.get_attribute("id")
            assert tab.page.evaluate(CROSSED, name) == 0, (width, name)


def test_a_command_stays_on_its_line(stage: Stage) -> None:
    tab = stage.open(**PHONE)
    code = "document.querySelectorAll('.more code, .commands code, #guide ul code')"
    line = "parseFloat(getComputedStyle(one).lineHeight)"
    seen = f"[...{code}].filter((one) => one.checkVisibility())"
    count = f"{seen}.map((one) => Math.round(one.clientHeight / {line}))"
    lines = tab.page.evaluate(count)
    assert set(lines) == {1}
    is_for_all(tab.page)


def test_charts_are_there_when_they_have_something_to_show(stage: Stage) -> None:
    tab = stage.open()
    tab.page.wait_for_selector("#rates canvas", state="attached")
    assert not tab.page.is_visible("#charts")
    tab.page.click("#pubsub .one")
    tab.page.wait_for_selector("#rates canvas")
    assert not tab.page.is_visible("#delays"), "nobody has received anything"
    stage.listen("pubsub", "one")
    tab.shows("pubsub", there="1")
    tab.page.click("#pubsub .one")
    tab.page.wait_for_selector("#delays canvas")
    width = "document.querySelector('#delays canvas').clientWidth"
    eventually(lambda: tab.page.evaluate(width) > 800)
