"""The page in a headless Chromium while messages stream through it: long tasks, and its memory.

The memory is looked at in the first and the last quarter, each time after a collection of all
garbage; such a collection is a long task itself and makes more of them, for the page has to be
compiled anew. So the tasks are looked at in the two quarters between. What counts of the memory is
the least of a quarter: dots in flight come and go, and what leaks is there also when few are.
"""

import json
import os
import time

from playwright.sync_api import CDPSession

from bench import flow
from bench.bars import Bar, SpoiltError
from bench.machine import Busy
from bench.stage import Stage
from starting.browser import Tab, launch
from starting.parts import NO_LIMIT

MESSAGES = 5000  # a second: half of them over the queue, half over the channel
LONGEST = 100  # ms of a task
GROWTH = 0.05  # share by which the memory of the last quarter may exceed that of the first
SETTLE = 5  # seconds after the last collection
EVERY = 2  # seconds between two looks at the memory
LISTENERS = 2  # of each pattern

OBSERVE = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longTasks.push([task.startTime, task.duration]);
  }).observe({type: "longtask"});
}"""


def stream(seconds: float, warm_up: float) -> list[Bar]:
    """The page is open for so long; what it does before it is live does not count."""
    with Stage() as stage, launch() as browser:
        web = stage.web(**NO_LIMIT)
        stage.listeners(LISTENERS)
        sending = stage.run("flow", web.host, MESSAGES)
        sending.says("Flowing")
        tab = Tab(browser, f"http://{web.host}/")
        tab.is_live()
        tab.page.wait_for_timeout(warm_up * 1000)
        first = watch_memory(tab, seconds / 4)
        tab.page.wait_for_timeout(SETTLE * 1000)
        tab.page.evaluate(OBSERVE)
        busy = Busy()
        tab.page.wait_for_timeout(seconds / 2 * 1000)
        load = {"cores_busy": busy.cores(), "load_average": os.getloadavg()[0], "seconds": seconds}
        tasks = tab.page.evaluate("longTasks")
        last = watch_memory(tab, seconds / 4)
        if tab.errors:
            raise SpoiltError(f"The page had errors: {tab.errors}")
        sending.stop()
        flowed = json.loads(sending.out[-1])
    return [
        flow.judge(
            f"page under {MESSAGES:,} messages/s",
            MESSAGES,
            flowed | load,
            f", {load['cores_busy']:.1f} cores busy",
        ),
        smoothness(tasks),
        *(
            flatness(what, *([at[key] for at in used] for used in (first, last)))
            for what, key in (
                ("JavaScript heap, MiB", "heap_mib"),
                ("DOM nodes", "nodes"),
            )
        ),
    ]


def watch_memory(tab: Tab, seconds: float) -> list[dict[str, float]]:
    """The memory after a collection, again and again."""
    cdp = tab.context.new_cdp_session(tab.page)
    used, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        used.append(collect(cdp))
        tab.page.wait_for_timeout(EVERY * 1000)
    cdp.detach()
    return used


def collect(cdp: CDPSession) -> dict[str, float]:
    """What is still in use when all garbage is collected."""
    cdp.send("HeapProfiler.collectGarbage")
    heap = cdp.send("Runtime.getHeapUsage")
    return {
        "heap_mib": heap["usedSize"] / 1024 / 1024,
        "nodes": cdp.send("Memory.getDOMCounters")["nodes"],
    }


def smoothness(tasks: list[list[float]]) -> Bar:
    """The longest task, of which the browser tells from 50 ms on."""
    longest = max((lasted for _, lasted in tasks), default=0)
    return Bar(
        "longest task of the page, ms",
        f"{longest:.0f}, {len(tasks)} of 50 and more" if tasks else "none of 50 and more",
        f"at most {LONGEST}",
        longest <= LONGEST,
        {"at_and_lasted_ms": tasks},
    )


def flatness(what: str, first: list[float], last: list[float]) -> Bar:
    """The last quarter against the first."""
    begin, end = min(first), min(last)
    growth = end / begin - 1
    return Bar(
        f"{what}: first quarter, last quarter",
        f"least {begin:,.1f}, then {end:,.1f}: {growth:+.1%}",
        f"at most {GROWTH:+.0%}",
        growth <= GROWTH,
        {"first": first, "last": last},
    )
