"""Records runs that resemble an experiment and are none: `python -m tests.wrong_traces`."""

import sys
from collections.abc import Callable
from typing import Any

from starting import browser
from tests.browser import Tab
from tests.parts import Demo
from tests.processes import eventually
from tests.traces import PAIRS, RECORD, save

ACT = """async ([verb, target, options]) => {
  const { act } = await import("/static/front/act.js");
  return act(verb, target, options);
}"""
SEND = """async ([pattern, count, body]) => {
  const { sendBy } = await import("/static/front/send.js");
  return sendBy(pattern, count, body);
}"""

RESET = """() =>
  fetch("/reset", { method: "POST", body: new URLSearchParams({ what: "figures" }) });"""


class Player:
    """Does to one pattern what the page can do."""

    def __init__(self, tab: Tab, pattern: str) -> None:
        self.tab, self.pattern = tab, pattern

    def act(self, verb: str, target: str = "", **options: int) -> None:
        said = self.tab.page.evaluate(ACT, [verb, target or self.pattern, options])
        assert said.get("outcome") == "done", said

    def stage(self, listeners: int, ms: int = 0) -> None:
        self.act("stage", listeners=listeners, ms=ms)
        self.tab.shows(self.pattern, there=str(listeners))

    def send(self, count: int, body: str = "") -> None:
        said = self.tab.page.evaluate(SEND, [self.pattern, count, body])
        assert "error" not in said, said

    def busy(self) -> str:
        """The name of a listener that has a message in hand."""
        found = f"#{self.pattern} .cards .working b"
        return self.tab.page.wait_for_selector(found).inner_text()  # type: ignore[union-attr]

    def pause(self, seconds: float) -> None:
        """Let the stream tell what comes of it."""
        self.tab.page.wait_for_timeout(seconds * 1000)


def burst(player: Player) -> None:
    """Two handle a thousand messages, and then one stops that has nothing to do."""
    player.send(1000)
    player.pause(4)
    player.act("stop", f"{player.pattern}-1")
    player.pause(2)


def frozen(player: Player) -> None:
    """A listener falls silent with a message in hand, as if it had died, and comes back."""
    player.stage(2, 1500)
    player.send(3)
    name = player.busy()
    player.act("freeze", name)
    player.pause(5)
    player.act("go_on", name)
    player.pause(5)


def heard(player: Player) -> None:
    """All stop, but one is there again before anything is sent."""
    player.stage(0)
    player.stage(1)
    for _ in range(3):
        player.send(1)
        player.pause(0.3)
    player.pause(2)


def zeroed(player: Player) -> None:
    """Nobody listens, some is sent, the figures are reset, and one comes."""
    player.stage(0)
    player.send(3)
    player.tab.shows(player.pattern, sent="3")
    player.tab.page.evaluate(RESET)
    player.tab.shows(player.pattern, sent="0")
    player.stage(1)
    player.pause(2)


def killed_in_a_burst(player: Player) -> None:
    """One does not stop in a burst, but dies."""
    player.stage(2, 40)
    player.send(200)
    player.act("kill", player.busy())
    player.pause(13)


def one_after_another(player: Player) -> None:
    """One listener handles each message before the next one is sent."""
    player.stage(1, 100)
    for _ in range(5):
        player.send(1)
        player.pause(0.5)
    player.pause(1)


WRONG: dict[str, Callable[[Player], Any]] = {
    one.__name__.replace("_", " "): one
    for one in (burst, frozen, heard, zeroed, killed_in_a_burst, one_after_another)
}


def record(demo: Demo, launched: Any, name: str, pattern: str, columns: tuple[str, str]) -> None:
    left, right = columns
    tab = Tab(launched, f"http://127.0.0.1:{demo.port}/?left={left}&right={right}")
    tab.is_live()
    player = Player(tab, pattern)
    tab.page.evaluate(RESET)
    player.stage(2)
    eventually(lambda: tab.figure(pattern, "sent") == "0")
    tab.page.evaluate(RECORD)
    WRONG[name](player)
    player.stage(2)
    told = tab.page.evaluate("() => { window.source.close(); return window.told; }")
    save(f"not {name}", pattern, told)
    print(name, pattern, flush=True)
    tab.context.close()


def main(names: list[str]) -> None:
    demo = Demo()
    try:
        demo.is_up()
        with browser.launch() as launched:
            for name in names:
                for pattern, columns in {one: pair for pair in PAIRS for one in pair}.items():
                    record(demo, launched, name, pattern, columns)
    finally:
        demo.kill()


if __name__ == "__main__":
    main(sys.argv[1:] or [*WRONG])
