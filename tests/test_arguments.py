"""What a task is given is checked against its type hints, and refused with what is allowed."""

import inspect
import json
import math
from typing import Annotated, Any

import pytest

from jobs.arguments import ArgumentsError, checked, done, parameters
from jobs.kinds import Text, Within
from jobs.outcome import TaskError
from jobs.tasks import TASKS, task

SECONDS = "seconds: a number from 0 to 60."
ROUNDS = "rounds: a whole number from 1 to 200."
PHONE = "phone: a + and 7 to 15 digits, as in +12025550123."
URL = "url: an address of ASCII characters that begins with http(s)://."
SUBJECT = "subject: a text of 1 to 100 characters on one line, without control characters."


NOT_WITHIN: list[object] = [math.nan, math.inf, -math.inf, -1, 60.01, 10**400, True, None, [2], {}]
NO_NUMBERS = ["", " 2", "nan", "inf", "1e1", "1_0", "٣", "+1", "0x1", "61", "2\n", "9" * 5_000]


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        *(("wait", {"seconds": value}, SECONDS) for value in NOT_WITHIN + NO_NUMBERS),
        *(
            ("compute", {"rounds": value}, ROUNDS)
            for value in (0, 1_001, 1.5, 2.0, "1.0", "0", False)
        ),
        *(
            ("notice", {"user": value}, "user: one of ada, grace, alan, edsger.")
            for value in (
                "eve",
                "eve@example.com",
                "Ada",
                "ada\r\nBcc: eve@example.com",
                7,
                ["ada"],
            )
        ),
        *(
            ("notice", {"subject": value}, SUBJECT)
            for value in ("", " ", "a\nBcc: eve@example.com", "a\rb", "a\u2028b", "a\x85b", "\0")
        ),
        ("notice", {"subject": "x" * 101}, SUBJECT),
        ("notice", {"subject": "\ud800"}, SUBJECT),
        ("notice", {"text": "\x1b[2J"}, "text: a text of 1 to 2,000 characters, without control"),
        *(
            ("sms_code", {"phone": value}, PHONE)
            for value in (
                "12025550123",
                "+0123456789",
                "+120255",
                "+1" * 9,
                "+1202555012٣",
                "+1 2",
            )
        ),
        *(
            ("fetch", {"url": value}, URL)
            for value in (
                "file:///etc/passwd",
                "ftp://a/",
                "http://a b/",
                "http://a/\r\nX: y",
                "//a",
            )
        ),
        ("fetch", {"url": "http://a/" + "x" * 2_000}, URL),
        ("wait", {"minutes": 1}, "wait has no argument «minutes»; it has: seconds."),
        ("wait", {"a\x1b[2J": 1}, r"wait has no argument «a\x1b[2J»; it has: seconds."),
        ("wait", {7: 1}, "wait has no argument «7»; it has: seconds."),
        ("sleep", {}, "There is no task «sleep»; there are: wait, compute, fail, notice, sms_code"),
        ("__class__", {}, "There is no task «__class__»"),
        (["wait"], {}, "A task has a name, and its arguments have names."),
        ("wait", None, "A task has a name, and its arguments have names."),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(name: Any, given: Any, sentence: str) -> None:
    for check in (checked, done):
        with pytest.raises(ArgumentsError) as refused:
            check(name, given)
        assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("name", "given", "argument", "value"),
    [
        ("wait", {"seconds": "0.5"}, "seconds", 0.5),
        ("wait", {"seconds": 60}, "seconds", 60.0),
        ("wait", {"seconds": "-0"}, "seconds", 0.0),
        ("wait", {}, "seconds", 2.0),
        ("compute", {"rounds": "7"}, "rounds", 7),
        ("notice", {"subject": "消息 🙂 <b>"}, "subject", "消息 🙂 <b>"),
        ("notice", {"text": "a\r\n\tb"}, "text", "a\n\tb"),
        ("sms_code", {"phone": "+491713920001"}, "phone", "+491713920001"),
        (
            "fetch",
            {"url": "https://[2001:db8::1]:8/a?b=c%20d"},
            "url",
            "https://[2001:db8::1]:8/a?b=c%20d",
        ),
    ],
)
def test_what_is_allowed_is_taken(
    name: str, given: dict[str, Any], argument: str, value: Any
) -> None:
    taken = checked(name, given)[argument]
    assert taken == value
    assert type(taken) is type(value)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_describes_itself_and_its_defaults_are_allowed(name: str) -> None:
    assert (inspect.getdoc(TASKS[name]) or "").splitlines()[0].endswith(".")
    defaults = checked(name, {})
    assert checked(name, json.loads(json.dumps(defaults))) == defaults
    for one in parameters(name):
        assert one.sentence == f"{one.name}: {one.kind.words()}."
        assert {"type", "options", "rows"} & one.attributes.keys()
        assert checked(name, {one.name: str(defaults[one.name])}) == defaults  # as a form sends it


def test_a_new_task_is_a_function_more() -> None:
    @task
    def double(number: Annotated[int, Within(0, 9)], sign: Annotated[str, Text(1)] = "x") -> str:
        """Double a digit."""
        return sign * number * 2

    try:
        assert done("double", {"number": "2"}) == "xxxx"
        with pytest.raises(ArgumentsError, match=r"number is missing\. number: a whole number"):
            done("double", {})
    finally:
        del TASKS["double"]
        parameters.cache_clear()


def test_an_error_that_nobody_foresaw_fails_the_task_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(seconds: Annotated[float, Within(0, 60)] = 0) -> str:
        raise RuntimeError(f"\x1b{seconds / 0}" if seconds else "a\nb" * 1_000)

    monkeypatch.setitem(TASKS, "wait", broken)
    parameters.cache_clear()
    for given, said in (({"seconds": 1}, "ZeroDivisionError"), ({}, r"RuntimeError: a\nba\nb")):
        with pytest.raises(TaskError) as failed:
            done("wait", given)
        assert f"wait failed with an error that nobody foresaw: {said}" in str(failed.value)
        assert len(str(failed.value)) < 500
    parameters.cache_clear()


def test_a_hint_that_does_not_say_what_is_allowed_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def vague(seconds: float = 0) -> str:
        return ""

    monkeypatch.setitem(TASKS, "vague", vague)
    with pytest.raises(TypeError, match="vague: the hint of seconds does not say"):
        parameters("vague")
