"""Checks of the live page under attack: whether it counts what is true, and how soon."""

import math
import time

from attack.target import Target
from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS
from starting.process import wait_until

COUNTED_WITHIN = 10  # seconds
QUICKLY = 4  # seconds for an answer, and for the page to count a click, on a busy machine too
LONGEST_DELAY = 60_000  # milliseconds: no message of a run is older
TIMES = 10  # that the page is asked, so that each web process has answered
ATTACKED = "prodcons"  # the pattern that these checks look at


def report_of(target: Target, role: str) -> Report:
    """Return the kept report of a process that sends («web») or receives («listener»)."""
    reports = [*map(Report.decode, target.redis.hgetall(RECORDS).values())]
    return next(one for one in reports if (one.pattern, one.role) == (ATTACKED, role))


def miscounted(target: Target, forged: int = 0) -> str:
    """Return what the page counts wrongly at last, or «»; it counts `forged` as received as well.

    No load clicks meanwhile, because the page is always a little behind. One more click shows that
    it has heard all that was told before.
    """
    with target.links.at_rest():
        target.links.click(ATTACKED)
        if wait_until(lambda: all(is_true(target, forged) for _ in range(TIMES)), COUNTED_WITHIN):
            return ""
        sent, received = true_counts(target, forged)
        figures = target.figures(ATTACKED)
    what = [f"{name} {figures.get(name)}" for name in ("sent", "received", "delay_p50_ms")]
    return f"the page says {', '.join(what)}, where {sent} were sent and {received} received"


def is_true(target: Target, forged: int) -> bool:
    """Return whether the page has the true counts, and a delay that can be."""
    figures = target.figures(ATTACKED)
    delay = figures.get("delay_p50_ms") or math.inf
    counts = figures.get("sent"), figures.get("received")
    return counts == true_counts(target, forged) and delay < LONGEST_DELAY


def true_counts(target: Target, forged: int) -> tuple[int, int]:
    """Return how many messages the links sent, and how many the listeners printed."""
    printed = sum("body" in line for lines in target.lines(ATTACKED) for line in lines)
    return len(target.links.sent[ATTACKED]), printed + forged


def late(target: Target) -> str:
    """Click, and return what took long: the answer, or the page to count the click; or «»."""
    asked = time.monotonic()
    target.links.click(ATTACKED)
    took = time.monotonic() - asked
    if took > QUICKLY:
        return f"a click took {took:.1f} s"
    sent = len(target.links.sent[ATTACKED])
    begun = time.monotonic()
    wait_until(lambda: target.figures(ATTACKED).get("sent", 0) >= sent, COUNTED_WITHIN)
    took = time.monotonic() - begun
    return f"the page took {took:.1f} s to count a click" if took > QUICKLY else ""
