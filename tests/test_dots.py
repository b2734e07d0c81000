"""Each message has one way, whichever end's report comes first, on a track in a real browser."""

from typing import Any

import pytest

from tests.processes import eventually
from tests.stage import Stage

# Shows changes, given as pairs of moves and how many wait, on a track of the page, 60 ms apart;
# returns the dots: whither each flies, or what becomes of it.
DRAW = """async ([name, changes]) => {
  const { Track } = await import("/static/live/track.js");
  const told = await (await fetch("/status")).json();
  const section = document.getElementById(name);
  const track = new Track(section);
  const dots = [];
  const note = (records) => records.forEach((one) => one.addedNodes.forEach((dot) =>
    setTimeout(() => dots.push(`${dot.dataset.id} ${became(dot)}`.trim()))));
  const became = (dot) => dot.dataset.to || dot.className.match(/rests|gone/) || "";
  new MutationObserver(note).observe(section.querySelector(".dots"), { childList: true });
  let before = told.patterns[name];
  track.show(before);
  for (const [moves, more] of changes) {
    const now = { ...before, ...more };
    track.show(now, moves, before);
    before = now;
    await new Promise((done) => setTimeout(done, 60));
  }
  await new Promise((done) => setTimeout(done, 1500));
  return dots;
}"""

SENT = {"sent": [["web-1-1", "7", None]]}
WAITS = {"waiting": 1, "newest": [["web-1-1", "7"]]}
OTHER_WAITS = {"waiting": 1, "newest": [["web-1-0", "3"]]}
NONE_WAITS = {"waiting": 0, "newest": []}


@pytest.mark.parametrize("sent_first", [True, False])
def test_a_message_of_the_queue_has_one_dot_at_a_time(sent_first: bool, stage: Stage) -> None:
    stage.listen("prodcons", "one")
    tab = stage.open()
    tab.shows("prodcons", there="1")
    (listener,) = eventually(lambda: stage.ids("prodcons"))
    taken = {"taken": [["web-1-1", "7", listener]]}
    changes: list[Any] = [[SENT, {"sent": 1}], [taken, {"received": 1}]]
    dots = tab.page.evaluate(DRAW, ["prodcons", changes if sent_first else changes[::-1]])
    # To the gate, and on to the listener; or to the listener alone, as that is known first.
    assert dots == ["web-1-1"] * sent_first + [f"web-1-1 {listener}"]


def test_only_what_waits_goes_to_rest(stage: Stage) -> None:
    """Another message may wait while this one is taken at once: a stack gives the newest first."""
    stage.listen("prodcons", "one")
    tab = stage.open()
    tab.shows("prodcons", there="1")
    (listener,) = eventually(lambda: stage.ids("prodcons"))
    taken = {"taken": [["web-1-1", "7", listener]]}
    later: list[Any] = [[SENT, OTHER_WAITS], *([{}, {}] for _ in range(6)), [taken, OTHER_WAITS]]
    dots = tab.page.evaluate(DRAW, ["prodcons", later])
    assert dots == ["web-1-1", f"web-1-1 {listener}"]
    rests = tab.page.evaluate(DRAW, ["prodcons", [[SENT, WAITS]]])
    assert rests == ["web-1-1", "web-1-1 rests"]
    assert tab.page.evaluate(DRAW, ["prodcons", [[SENT, NONE_WAITS]]]) == ["web-1-1"]
