"""Experiments against recorded runs: each is ticked by its own trace, and by nothing less."""

from collections.abc import Callable
from typing import Any

import pytest

from pages.front.experiments import EXPERIMENTS
from patterns import PATTERNS
from patterns.declaration.pattern import Order
from tests.traces import Told, read, recorded
from tests.wrong_traces import WRONG

Run = Callable[[str, str, Any], Any]
FITTING = [
    (one.name, name) for one in EXPERIMENTS for name, its in PATTERNS.items() if one.fits(its)
]
STEPS = {one.name: len(one.steps) for one in EXPERIMENTS}
REPLAY = """
  const { EXPERIMENTS } = await import("/static/front/play/experiments.js");
  return given.runs.map(([name, states]) => {
    const trial = new m.Trial(EXPERIMENTS[name], given.facts);
    const at = states.slice(1).map((now, i) => {
      trial.see(states[i], now, now.moves);
      return trial.at;
    });
    return { at: [0, ...at], isDone: trial.isDone, sentence: trial.sentence };
  });"""


def facts(name: str) -> dict[str, Any]:
    """What the page tells the script of a pattern."""
    pattern = PATTERNS[name]
    return {
        "name": name,
        "title": pattern.words.title,
        "keeps": pattern.keeps,
        "redelivers": pattern.redelivers,
        "everyoneHears": pattern.everyone_hears,
        "followsGaps": pattern.follows_gaps,
        "newestFirst": pattern.order is Order.NEWEST_FIRST,
    }


def replay(run: Run, pattern: str, *runs: tuple[str, list[Told]]) -> list[dict[str, Any]]:
    """What each experiment makes of its run: its step after each state, and its end."""
    given = {"runs": runs, "facts": facts(pattern)}
    told: list[dict[str, Any]] = run("front/play/trial", REPLAY, given)
    return told


def changed(state: Told, pattern: str, **figures: Any) -> Told:
    return state | {"patterns": {pattern: state["patterns"][pattern] | figures}}


def reset(states: list[Told], pattern: str, at: int) -> list[Told]:
    """The same run, with a reset before this state."""
    base = states[at - 1]["patterns"][pattern]
    names = [name for name, value in base.items() if type(value) is int]
    names = [name for name in names if name not in ("there", "waiting", "dead_letters")]
    before = changed(states[at - 1], pattern, **dict.fromkeys(names, 0)) | {"zero": True}
    after = []
    for one in states[at:]:
        counted = {name: one["patterns"][pattern][name] - base[name] for name in names}
        after.append(changed(one, pattern, **counted))
    return [*states[:at], before | {"moves": {}}, *after]


def test_every_experiment_has_a_trace_for_each_pattern_it_makes_sense_for() -> None:
    assert set(recorded()) == set(FITTING)


def test_words_and_machines_have_the_same_steps(run: Run) -> None:
    body = """return Object.fromEntries(
      Object.entries(m.EXPERIMENTS).map(([name, one]) => [name, one.steps.length]));"""
    assert run("front/play/experiments", body, None) == STEPS


@pytest.mark.parametrize(("name", "pattern"), FITTING)
def test_a_trace_ticks_its_own_experiment_and_no_other(name: str, pattern: str, run: Run) -> None:
    states = read(name, pattern)
    others = [other for other, its in FITTING if its == pattern and other != name]
    own, *rest = replay(run, pattern, *((one, states) for one in (name, *others)))
    assert own["isDone"]
    assert own["sentence"].endswith(".")
    assert [one for one, told in zip(others, rest, strict=True) if told["isDone"]] == []


@pytest.mark.parametrize(("name", "pattern"), FITTING)
def test_a_part_of_its_trace_does_not_tick_it(name: str, pattern: str, run: Run) -> None:
    states = read(name, pattern)
    (whole,) = replay(run, pattern, (name, states))
    end = whole["at"].index(STEPS[name])  # the state that ticks the last step
    parts = {
        "without its end": states[:end],
        "without all before its end": states[end - 1 :],
        "its end before its beginning": states[end - 1 :] + states[: end - 1],
        "a reset before its end": reset(states, pattern, end)[: end + 2],
    }
    told = replay(run, pattern, *((name, part) for part in parts.values()))
    assert [part for part, one in zip(parts, told, strict=True) if one["isDone"]] == []
    assert replay(run, pattern, (name, states[: end + 1]))[0]["isDone"]


@pytest.mark.parametrize("pattern", [name for name, one in PATTERNS.items() if one.redelivers])
def test_who_was_relieved_before_it_was_gone_has_died_with_one_in_hand(
    pattern: str, run: Run
) -> None:
    states = read("killed", pattern)
    for at, state in enumerate(states):
        cards = state["patterns"][pattern]["listeners"]
        relieved = [one | {"in_hand": None} if one["state"] == "gone" else one for one in cards]
        states[at] = changed(state, pattern, listeners=relieved)
    (told,) = replay(run, pattern, ("killed", states))
    assert told["isDone"]
    assert " died on " in told["sentence"]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("name", WRONG)
def test_what_only_resembles_an_experiment_ticks_none(name: str, pattern: str, run: Run) -> None:
    states = read(f"not {name}", pattern)
    names = [one for one, its in FITTING if its == pattern]
    told = replay(run, pattern, *((one, states) for one in names))
    assert [one for one, its in zip(names, told, strict=True) if its["isDone"]] == []
