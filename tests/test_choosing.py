"""Six answers lead to a pattern, each of the 64 to one that does what is said of it."""

from itertools import product

import pytest

from lab.scenarios import SCENARIOS
from pages.compare.choosing import QUESTIONS, choose, given
from pages.compare.results import REFERENCE, read_run
from patterns import COMPARED
from patterns.declaration.facts import IDEMPOTENT, ON_DISK, Fact
from patterns.declaration.pattern import Pattern

NAMES = [question.name for question in QUESTIONS]
ALL = [dict(zip(NAMES, values, strict=True)) for values in product(("yes", "no"), repeat=6)]


def asked(answers: dict[str, str]) -> set[str]:
    return {one.name for one in QUESTIONS if answers[one.name] == one.demand}


def lacks(pattern: Pattern, answers: dict[str, str]) -> set[str]:
    return asked(answers) - given(pattern)


def facts_of(pattern: Pattern) -> dict[str, Fact]:
    return {name: getattr(pattern.facts, name) for name in NAMES}


def answers(words: str) -> dict[str, str]:
    """As in "no no no yes no no"."""
    return dict(zip(NAMES, words.split(), strict=True))


def test_every_pattern_that_keeps_forever_or_nothing_is_reached() -> None:
    """One that keeps messages for a while is never the simplest that gives all or the nearest."""
    reached = {choose(one).pattern.name for one in ALL}
    assert reached == {one.name for one in COMPARED.values() if one.keeps_forever or not one.keeps}


def test_who_must_hear_it_is_never_traded() -> None:
    for one in ALL:
        everyone = choose(one).pattern.everyone_hears
        assert everyone == (one["every"] == "yes")


def test_what_is_not_given_is_said_and_what_to_do_then() -> None:
    for one in ALL:
        choice = choose(one)
        facts = facts_of(choice.pattern)
        assert set(choice.missing) == {facts[name] for name in lacks(choice.pattern, one)}
        assert all(fact.otherwise for fact in choice.missing)
        assert set(choice.facts) - {ON_DISK} == set(facts.values())
        assert (ON_DISK in choice.facts) == choice.pattern.keeps_forever


def test_nothing_is_missing_where_a_pattern_gives_all() -> None:
    for one in ALL:
        others = [pattern for pattern in COMPARED.values() if not lacks(pattern, one)]
        fits = [other for other in others if other.everyone_hears == (one["every"] == "yes")]
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
    for pattern in COMPARED.values():
        for fact in (*facts_of(pattern).values(), ON_DISK):
            assert fact.scenarios
            assert set(fact.scenarios) <= SCENARIOS.keys()
            assert fact.proven_by in {"", *COMPARED}


@pytest.mark.parametrize(
    ("answered", "pattern", "missing"),
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
def test_these_answers_lead_there(answered: str, pattern: str, missing: list[str]) -> None:
    choice = choose(answers(answered))
    assert choice.pattern.name == pattern
    assert choice.missing == tuple(facts_of(COMPARED[pattern])[name] for name in missing)


def test_the_reference_run_has_a_proof_of_each_reason() -> None:
    if not REFERENCE.exists():
        pytest.skip(f"the lab has not written {REFERENCE.name} yet")
    run = read_run(REFERENCE)
    for pattern in COMPARED.values():
        if pattern.name not in run.patterns:
            continue  # newer than the reference run
        for fact in facts_of(pattern).values():
            shown = fact.proven_by or pattern.name
            assert any(run.cell(name, shown) for name in fact.scenarios), (pattern, fact)
