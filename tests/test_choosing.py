"""Six answers lead to a pattern, each of the 64 to one that does what is said of it."""

from itertools import product

import pytest

from lab.patterns import PATTERNS
from lab.scenarios import SCENARIOS
from pages.choosing import QUESTIONS, choose
from pages.claims import FACTS, IDEMPOTENT, ON_DISK, TITLES
from pages.compare.results import read_run
from pages.compare.routes import REFERENCE

NAMES = [question.name for question in QUESTIONS]
ALL = [dict(zip(NAMES, values, strict=True)) for values in product(("yes", "no"), repeat=6)]


def asked(answers: dict[str, str]) -> set[str]:
    return {one.name for one in QUESTIONS if answers[one.name] == one.demand}


def lacks(pattern: str, answers: dict[str, str]) -> set[str]:
    return {name for name in asked(answers) if not FACTS[pattern][name].gives}


def answers(given: str) -> dict[str, str]:
    """As in "no no no yes no no"."""
    return dict(zip(NAMES, given.split(), strict=True))


def test_every_pattern_is_reached_and_has_a_fact_for_every_question() -> None:
    assert {choose(one).pattern for one in ALL} == FACTS.keys() == TITLES.keys()
    assert all(list(facts) == NAMES for facts in FACTS.values())


def test_the_patterns_are_called_as_the_lab_calls_them() -> None:
    assert {name: pattern.title for name, pattern in PATTERNS.items()} == TITLES


def test_who_must_hear_it_is_never_traded() -> None:
    for one in ALL:
        everyone = choose(one).pattern in ("pubsub", "stream-each")
        assert everyone == (one["every"] == "yes")


def test_what_is_not_given_is_said_and_what_to_do_then() -> None:
    for one in ALL:
        choice = choose(one)
        facts = FACTS[choice.pattern]
        assert set(choice.missing) == {facts[name] for name in lacks(choice.pattern, one)}
        assert all(fact.otherwise for fact in choice.missing)
        assert set(choice.facts) - {ON_DISK} == set(facts.values())
        assert (ON_DISK in choice.facts) == (choice.pattern != "pubsub")


def test_nothing_is_missing_where_a_pattern_gives_all() -> None:
    for one in ALL:
        others = [name for name in FACTS if not lacks(name, one)]
        fits = [name for name in others if FACTS[name]["every"].gives == (one["every"] == "yes")]
        assert bool(fits) == (not choose(one).missing)
        if fits:
            assert choose(one).pattern == fits[0]  # the simplest


def test_a_loss_that_is_not_allowed_is_never_the_price() -> None:
    for one in ALL:
        assert not {"hand", "away"} & lacks(choose(one).pattern, one)


def test_nobody_is_promised_exactly_once() -> None:
    for one in ALL:
        if one["hand"] == "no" and one["twice"] == "no":
            assert IDEMPOTENT in [fact.otherwise for fact in choose(one).missing]


def test_each_reason_names_scenarios_of_the_lab() -> None:
    for facts in FACTS.values():
        for fact in (*facts.values(), ON_DISK):
            assert fact.scenarios
            assert set(fact.scenarios) <= SCENARIOS.keys()
            assert fact.proven_by in {"", *FACTS}


@pytest.mark.parametrize(
    ("given", "pattern", "missing"),
    [
        # every away hand twice order others
        ("no no yes no no no", "prodcons", []),
        ("no yes yes yes no no", "prodcons", []),
        ("no no yes no yes no", "prodcons", ["order"]),
        ("yes yes yes no yes no", "pubsub", []),
        ("yes yes yes no yes yes", "pubsub", []),
        ("no no no yes yes no", "reliable", []),
        ("no no yes yes yes no", "reliable", []),
        ("no no no no no no", "reliable", ["twice"]),
        ("no no no yes yes yes", "stream", []),
        ("no no no no no yes", "stream", ["twice"]),
        ("no yes yes no no yes", "stream", ["twice"]),
        ("yes no no yes no no", "stream-each", []),
        ("yes no no no no no", "stream-each", ["twice"]),
        ("yes no yes no yes no", "stream-each", ["twice"]),
    ],
)
def test_these_answers_lead_there(given: str, pattern: str, missing: list[str]) -> None:
    choice = choose(answers(given))
    assert choice.pattern == pattern
    assert choice.missing == tuple(FACTS[pattern][name] for name in missing)


def test_the_reference_run_has_a_proof_of_each_reason() -> None:
    if not REFERENCE.exists():
        pytest.skip(f"the lab has not written {REFERENCE.name} yet")
    run = read_run(REFERENCE)
    for pattern, facts in FACTS.items():
        for fact in facts.values():
            shown = fact.proven_by or pattern
            assert any(run.cell(name, shown) for name in fact.scenarios), (pattern, fact)
