"""The logic of the page's modules, run where it runs: in a browser."""

import re
from collections.abc import Callable
from typing import Any

from tests import wire_types
from tests.cases import cases
from tests.processes import ROOT

Run = Callable[[str, str, Any], Any]


def test_the_scripts_know_the_types_of_what_the_web_tells() -> None:
    types = (ROOT / "static/live/wire.d.ts").read_text()
    assert types == wire_types.declarations(), "python -m tests.wire_types > static/live/wire.d.ts"
    scripts = [path.read_text() for path in (ROOT / "static").rglob("*.js")]
    used = re.findall(r'import\("[./a-z]*/wire"\)\.(\w+)', "".join(scripts))
    assert {"Snapshot", "Change", "Figures"} <= set(used)
    assert all(f"export type {name} =" in types for name in used)


def test_figures_are_written_as_the_server_writes_them(run: Run) -> None:
    values, texts = zip(*cases("quantity"), strict=True)
    assert run("words", "return given.map(m.quantity)", values) == list(texts)


def test_what_fits_into_a_dot(run: Run) -> None:
    bodies = ["7", "12345678", "123456789", "你好" * 9, "a\n b"]
    assert run("live/dots", "return given.map(m.shorten)", bodies) == [
        "7",
        "12345678",
        "1234567…",
        "你好你好你好你…",
        "a b",
    ]


def test_the_stream_is_denser_when_there_is_more(run: Run) -> None:
    grains = run(
        "live/load", "return given.map((count) => m.spread(count).length)", [0, 13, 100, 1000]
    )
    assert grains == sorted(set(grains))
    assert grains[0] == 0
    assert grains[-1] <= 20


def test_the_charts_take_columns_and_no_zero_on_a_logarithm(run: Run) -> None:
    history = [
        {"at": 1.0, "reliable": [5, 4, 0, 2], "pubsub": [9] * 4, "stream": [3, 2, None, None]}
    ]
    body = "return m.series(given, ['reliable', 'stream'], m.CHARTS.%s)"
    assert run("live/minute", body % "rates", history) == [[1.0], [5], [4], [3], [2]]
    assert run("live/minute", body % "delays", history) == [[1.0], [2], [None], [None], [None]]


def test_a_change_replaces_only_what_it_tells(run: Run) -> None:
    body = """
      const first = { history: [], zero: true, patterns: { a: 1, b: 1 } };
      const change = (n) => ({ zero: false, patterns: { b: n }, moves: {}, sample: { at: n } });
      let state = m.proceed(first, { zero: true, patterns: {}, moves: {} });
      for (let n = 1; n <= 61; n += 1) state = m.proceed(state, change(n));
      return [first, state];"""
    first, state = run("live/stream", body, None)
    assert first == {"zero": True, "patterns": {"a": 1, "b": 1}, "history": []}
    assert (state["zero"], state["patterns"]) == (False, {"a": 1, "b": 61})
    assert [sample["at"] for sample in state["history"]] == [*range(2, 62)]


def test_the_stream_waits_for_a_snapshot_and_comes_back(run: Run) -> None:
    body = """
      const log = [];
      const sources = [];
      class Source extends EventTarget {
        static CLOSED = 2;
        readyState = 1;
        constructor() { super(); sources.push(this); }
        close() { this.readyState = 2; }
        tell(kind, told) {
          this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(told) }));
        }
      }
      m.watch("/x", {
        snapshot: (told, crowd) => log.push(["snapshot", crowd ? told.redis : told]),
        change: (told) => log.push(["change", told]),
        away: () => log.push(["away"]),
      }, Source);
      sources[0].tell("change", 1);
      sources[0].tell("snapshot", 2);
      sources[0].tell("change", 3);
      sources[0].dispatchEvent(new Event("error"));
      sources[0].tell("change", 4);
      sources[0].tell("snapshot", 5);
      sources[0].readyState = 2;
      sources[0].dispatchEvent(new Event("error"));
      await new Promise((done) => {
        const look = setInterval(() => {
          if (sources.length === 2) { clearInterval(look); done(); }
        }, 20);
      });
      return log;"""
    assert run("live/stream", body, None) == [
        ["snapshot", 2],
        ["change", 3],
        ["away"],
        ["snapshot", 5],
        ["snapshot", "up"],  # the web answers, but has no seat for us
    ]
