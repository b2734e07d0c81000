"""Measures in the page the time from a click on «Send one» to its dot on the track."""

import random
import statistics

from bench.bars import Bar, spread
from bench.stage import live_page
from patterns import FIRST_TWO

MEDIAN = 150  # ms
PAUSES = (300, 900)  # ms, at random, so that clicks do not fall in step with the page's ticks

# `timeStamp` is when the browser got the click. Only dots of listeners have a data-to.
OBSERVE = """() => {
  window.delays = [];
  let clicked = null;
  addEventListener("click", (event) => (clicked = event.timeStamp), true);
  for (const layer of document.querySelectorAll(".dots")) {
    new MutationObserver((records) => {
      const dots = records.flatMap((record) => [...record.addedNodes]);
      if (clicked === null || !dots.some((dot) => dot.dataset.id && !dot.dataset.to)) return;
      delays.push(performance.now() - clicked);
      clicked = null;
    }).observe(layer, {childList: true});
  }
}"""


def click(clicks: int) -> list[Bar]:
    """Click in both columns in turn, with one listener of each pattern."""
    with live_page(listeners=1) as (tab, _):
        for pattern in FIRST_TWO:
            tab.shows(pattern, there="1")
        tab.page.evaluate(OBSERVE)
        for n in range(clicks):
            tab.page.wait_for_timeout(random.randint(*PAUSES))
            tab.page.click(f"#{FIRST_TWO[n % 2]} .one")
            tab.page.wait_for_function("n => delays.length > n", arg=n)
        delays: list[float] = tab.page.evaluate("delays")
    return [judge(pattern, delays[n::2]) for n, pattern in enumerate(FIRST_TWO)]


def judge(pattern: str, delays: list[float]) -> Bar:
    p50, p90 = statistics.median(delays), sorted(delays)[int(0.9 * len(delays))]
    return Bar(
        f"click to dot, {pattern}, {len(delays)} clicks, ms",
        f"{spread(delays)}, p90 {p90:,.0f}",
        f"median under {MEDIAN}",
        p50 < MEDIAN,
        {"delays_ms": delays},
    )
