"""Measures long tasks and memory of the page in a headless Chromium while messages stream.

Memory is sampled in the first and the last quarter, each time after a garbage collection. A
collection causes long tasks, also because the page is compiled again. So tasks are recorded in the
two quarters between. The bar compares the lowest memory of the quarters: dots in flight come and
go, but a leak stays.
"""

import time

import psutil
from playwright.sync_api import CDPSession

from bench.bars import Bar, SpoiltError
from bench.load import Flow
from bench.stage import Stage
from starting.browser import Tab, launch
from starting.parts import NO_LIMIT

MESSAGES = 5000  # a second: half of them over the queue, half over the channel
LONGEST = 100  # ms, the longest task allowed
GROWTH = 0.05  # share by which the memory of the last quarter may exceed that of the first
SETTLE = 5  # seconds between the last collection and the first task
EVERY = 2  # seconds between two samples of the memory
LISTENERS = 2  # of each pattern

Samples = list[dict[str, float]]

OBSERVE = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longTasks.push([task.startTime, task.duration]);
  }).observe({type: "longtask"});
}"""


def stream(seconds: float, warm_up: float) -> list[Bar]:
    """Measure an open page for so many seconds, after it is live and warm."""
    with Stage() as stage, launch() as browser:
        web = stage.web(**NO_LIMIT)
        stage.listeners(LISTENERS)
        flow = Flow(web.host, MESSAGES)
        tab = Tab(browser, f"http://{web.host}/")
        tab.is_live()
        tab.page.wait_for_timeout(warm_up * 1000)
        first = watch_memory(tab, seconds / 4)
        tab.page.wait_for_timeout(SETTLE * 1000)
        tab.page.evaluate(OBSERVE)
        psutil.cpu_percent()  # the next call tells what was busy since this one
        tab.page.wait_for_timeout(seconds / 2 * 1000)
        cores = psutil.cpu_percent() / 100 * psutil.cpu_count()
        tasks = tab.page.evaluate("longTasks")
        last = watch_memory(tab, seconds / 4)
        if tab.errors:
            raise SpoiltError(f"The page had errors: {tab.errors}")
        flowed = flow.stop(f"page under {MESSAGES:,} messages/s", f", {cores:.1f} cores busy")
    return [
        flowed,
        smoothness(tasks),
        flatness("JavaScript heap, MiB", "heap_mib", first, last),
        flatness("DOM nodes", "nodes", first, last),
    ]


def watch_memory(tab: Tab, seconds: float) -> Samples:
    """Sample the memory for so many seconds, each time after a collection."""
    cdp = tab.context.new_cdp_session(tab.page)
    used, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        used.append(collect(cdp))
        tab.page.wait_for_timeout(EVERY * 1000)
    cdp.detach()
    return used


def collect(cdp: CDPSession) -> dict[str, float]:
    """Collect all garbage, and return what is still in use."""
    cdp.send("HeapProfiler.collectGarbage")
    heap = cdp.send("Runtime.getHeapUsage")
    return {
        "heap_mib": heap["usedSize"] / 1024 / 1024,
        "nodes": cdp.send("Memory.getDOMCounters")["nodes"],
    }


def smoothness(tasks: list[list[float]]) -> Bar:
    """A bar on the longest task; the browser reports tasks of 50 ms and more."""
    longest = max((lasted for _, lasted in tasks), default=0)
    return Bar(
        "longest task of the page, ms",
        f"{longest:.0f}, {len(tasks)} of 50 and more" if tasks else "none of 50 and more",
        f"at most {LONGEST}",
        longest <= LONGEST,
        {"at_and_lasted_ms": tasks},
    )


def flatness(what: str, key: str, first: Samples, last: Samples) -> Bar:
    """A bar on the growth from the first quarter to the last."""
    early, late = ([at[key] for at in samples] for samples in (first, last))
    begin, end = min(early), min(late)
    growth = end / begin - 1
    return Bar(
        f"{what}: first quarter, last quarter",
        f"least {begin:,.1f}, then {end:,.1f}: {growth:+.1%}",
        f"at most {GROWTH:+.0%}",
        growth <= GROWTH,
        {"first": early, "last": late},
    )
