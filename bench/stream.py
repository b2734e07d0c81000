"""Measures long tasks and memory of the page in a headless Chromium while messages stream.

Memory is sampled in the first and the last quarter, each time after a garbage collection. A
collection causes long tasks, also because the page is compiled again. So tasks are recorded in the
two quarters between. The bar compares the lowest memory of the quarters: dots in flight come and
go, but a leak stays.
"""

import time

import psutil

from bench.bars import Bar
from bench.load import Flow
from bench.stage import live_page
from starting.browser import Tab

MESSAGES = 5000  # a second: half of them over the queue, half over the channel
LONGEST = 100  # ms, the longest task allowed
GROWTH = 0.05  # share by which the memory of the last quarter may exceed that of the first
SETTLE = 5  # seconds between the last collection and the first task
EVERY = 2  # seconds between two samples of the memory

OBSERVE = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longTasks.push(task.duration);
  }).observe({type: "longtask"});
}"""


def stream(seconds: float, warm_up: float) -> list[Bar]:
    """Measure an open page for so many seconds, after it is live and warm."""
    with live_page(listeners=2) as (tab, host):
        flow = Flow(host, MESSAGES)
        tab.page.wait_for_timeout(warm_up * 1000)
        first = watch_memory(tab, seconds / 4)
        tab.page.wait_for_timeout(SETTLE * 1000)
        tab.page.evaluate(OBSERVE)
        psutil.cpu_percent()  # the next call tells what was busy since this one
        tab.page.wait_for_timeout(seconds / 2 * 1000)
        cores = psutil.cpu_percent() / 100 * psutil.cpu_count()
        tasks = tab.page.evaluate("longTasks")
        last = watch_memory(tab, seconds / 4)
        flowed = flow.stop(f"page under {MESSAGES:,} messages/s", f", {cores:.1f} cores busy")
    flat = [judge_growth(what, first[what], last[what]) for what in first]
    return [flowed, judge_tasks(tasks), *flat]


def watch_memory(tab: Tab, seconds: float) -> dict[str, list[float]]:
    """Sample what is in use for so many seconds, each time after a collection."""
    cdp = tab.context.new_cdp_session(tab.page)
    heap, nodes = [], []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        cdp.send("HeapProfiler.collectGarbage")
        heap.append(cdp.send("Runtime.getHeapUsage")["usedSize"] / 2**20)
        nodes.append(cdp.send("Memory.getDOMCounters")["nodes"])
        tab.page.wait_for_timeout(EVERY * 1000)
    cdp.detach()
    return {"JavaScript heap, MiB": heap, "DOM nodes": nodes}


def judge_tasks(tasks: list[float]) -> Bar:
    """A bar on the longest task; the browser reports tasks of 50 ms and more."""
    longest = max(tasks, default=0)
    return Bar(
        "longest task of the page, ms",
        f"{longest:.0f}, {len(tasks)} of 50 and more" if tasks else "none of 50 and more",
        f"at most {LONGEST}",
        longest <= LONGEST,
        {"lasted_ms": tasks},
    )


def judge_growth(what: str, first: list[float], last: list[float]) -> Bar:
    """A bar on the growth from the first quarter to the last."""
    growth = min(last) / min(first) - 1
    return Bar(
        f"{what}: first quarter, last quarter",
        f"least {min(first):,.1f}, then {min(last):,.1f}: {growth:+.1%}",
        f"at most {GROWTH:+.0%}",
        growth <= GROWTH,
        {"first": first, "last": last},
    )
