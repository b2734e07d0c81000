"""Reports as a ledger hears them, and the figures that it then tells."""

import time
from dataclasses import replace

from messaging.reporting.report import Report
from pages.live.figures import figures
from pages.live.ledger import Ledger
from pages.live.wire import Figures
from patterns import PATTERNS
from patterns.declaration.store import Backlog

PRODCONS = PATTERNS["prodcons"]
NOTHING_WAITS = Backlog()


def listener(n: int, received: int, name: str = "one", **more: object) -> Report:
    counts = {"received": received, "elsewhere": 0, "malformed": 0, "missed": 0}
    delays = {"-350": received} if received else {}
    report = Report(name, n, time.time(), "prodcons", "listener", name, "here", 1)
    return replace(report, **{"counts": counts, "delays": delays, **more})  # type: ignore[arg-type]


def web(n: int, sent: int, **more: object) -> Report:
    report = Report("web", n, time.time(), "prodcons", "web", "web-1", "here", 1)
    return replace(report, counts={"sent": sent}, **more)  # type: ignore[arg-type]


def told(ledger: Ledger, after: float = 0.0, waiting: Backlog = NOTHING_WAITS) -> Figures:
    return figures(PRODCONS, ledger, waiting, time.monotonic() + after)
