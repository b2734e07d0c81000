"""Takes the README's pictures: a real Redis, a real web, real listeners, one of them killed."""

import signal
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from starting.ports import free_port
from tests.browser import launch
from tests.parts import RedisServer, Sending
from tests.processes import ROOT, eventually, processes
from tests.stage import Stage

SIZE = {"width": 1240, "height": 1290}
FILL = 25  # seconds of traffic that the charts show


def main() -> None:
    """Write static/front-light.png and static/front-dark.png."""
    for browser in launch():
        with tempfile.TemporaryDirectory() as folder, processes() as start:
            server = start(RedisServer, free_port(), Path(folder))
            take(Stage(start, server, browser), browser)


def take(stage: Stage, browser: Browser) -> None:
    """Some traffic, a backlog, a listener that is gone; then a click on each side, in flight."""
    for name in ("prodcons-1", "prodcons-2"):
        stage.listen("prodcons", name, "--work", "0.15")
    *_, gone = [stage.listen("pubsub", f"pubsub-{n}") for n in (1, 2, 3)]
    tabs = [stage.open(color_scheme=scheme, viewport=SIZE) for scheme in ("light", "dark")]
    for tab in tabs:
        tab.shows("prodcons", there="2")
        tab.shows("pubsub", there="3")
    watch = tabs[0].page
    with Sending(stage.web, "/pubsub") as publishing:
        eventually(lambda: len(publishing.ids) > 2000, within=60)
    gone.gets(signal.SIGKILL)
    for _ in range(FILL):
        stage.web.send("/prodcons?count=12")
        stage.web.send("/pubsub?count=60")
        watch.wait_for_timeout(1000)
    for scheme, tab in zip(("light", "dark"), tabs, strict=True):
        tab.page.bring_to_front()
        for pattern in ("prodcons", "pubsub"):
            tab.page.click(f"#{pattern} .send a >> nth=1")
        tab.page.wait_for_selector("#pubsub .dot:not([data-to=''])")
        tab.page.mouse.move(0, 0)
        tab.page.screenshot(path=ROOT / "static" / f"front-{scheme}.png", animations="allow")


if __name__ == "__main__":
    main()
