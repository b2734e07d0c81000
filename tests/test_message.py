"""What travels: every message comes back as it was, and no line is fatal."""

import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.message import (
    LARGEST_SEQ,
    LATEST,
    LONGEST_PRINTED,
    MalformedLineError,
    Message,
    printable,
)

bodies = st.text(st.characters(exclude_categories=["Cs"]))  # all that UTF-8 can hold
messages = st.builds(
    Message,
    body=bodies,
    sender=bodies,
    seq=st.integers(1, LARGEST_SEQ),
    sent=st.floats(0, LATEST),
)


@given(messages)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    assert Message.decode(message.encode()) == message


@given(messages)
def test_a_message_is_one_line(message: Message) -> None:
    assert b"\n" not in message.encode()


@given(st.binary())
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b'{"from": "w", "seq": ' + b"9" * 5_000 + b', "sent": 1.0, "body": ""}')
def test_no_line_is_fatal(line: bytes) -> None:
    text = line.decode("utf-8", "ignore")
    if text.encode() != line:
        with pytest.raises(MalformedLineError) as error:
            Message.decode(line)
        assert error.value.line == line
    else:
        message = Message.decode(line)
        assert message.id is not None or message.body == text


@pytest.mark.parametrize(
    "line",
    [
        "7",
        "",
        "一条消息",
        "null",
        '"7"',
        "[1]",
        "{}",
        '{"body": "7"}',
        '{"from": "w", "seq": "1", "sent": 1.0, "body": "7"}',
        '{"from": "w", "seq": 1.5, "sent": 1.0, "body": "7"}',
        '{"from": "w", "seq": true, "sent": 1.0, "body": "7"}',
        '{"from": "w", "seq": 0, "sent": 1.0, "body": "7"}',
        '{"from": "w", "seq": 9007199254740993, "sent": 1.0, "body": "7"}',
        '{"from": "w", "seq": 1, "sent": true, "body": "7"}',
        '{"from": "w", "seq": 1, "sent": -1, "body": "7"}',
        '{"from": "w", "seq": 1, "sent": 1e300, "body": "7"}',
        '{"from": "w", "seq": 1, "sent": NaN, "body": "7"}',
        '{"from": "w", "seq": 1, "sent": 1e999, "body": "7"}',
        '{"from": "w", "seq": 1, "sent": 1.0, "body": "\\ud800"}',
        '{"from": "w", "seq": 1, "sent": 1' + "0" * 400 + ', "body": "7"}',
        '{"from": null, "seq": 1, "sent": 1.0, "body": "7"}',
    ],
)
def test_a_line_of_others_is_a_body_without_an_id(line: str) -> None:
    assert Message.decode(line.encode()) == Message(line)
    assert Message.decode(line.encode()).id is None


def test_a_message_of_another_program_keeps_its_numbers() -> None:
    line = b'{"sent": 1700000000, "body": "7", "from": "shell", "seq": 3, "more": []}'
    assert Message.decode(line) == Message("7", "shell", 3, 1_700_000_000)
    assert Message.decode(line).id == "shell-3"


def test_bytes_that_are_no_text_are_named() -> None:
    with pytest.raises(MalformedLineError, match=r"not UTF-8: \\xff\\xfe7"):
        Message.decode(b"\xff\xfe7")


@given(st.text())
def test_what_is_printed_cannot_steer_a_terminal(text: str) -> None:
    assert printable(text).isprintable()


def test_what_is_printable_stays_as_it_is() -> None:
    assert printable("a 消息 é 🙂") == "a 消息 é 🙂"
    assert printable("\x1b[31m\n\u202e") == r"\x1b[31m\n\u202e"


def test_the_wire_format_is_the_documented_one() -> None:
    fields = json.loads(Message("七", "web-1-abc", 2, 3.5).encode())
    assert fields == {"from": "web-1-abc", "seq": 2, "sent": 3.5, "body": "七"}
    assert math.isclose(fields["sent"], 3.5)


def test_of_a_very_long_text_the_beginning_is_printed() -> None:
    text = "\x01" * 20_000_000
    assert printable(text) == r"\x01" * LONGEST_PRINTED + "…"
    assert len(MalformedLineError(b"\xff" * 20_000_000).text) == 4 * LONGEST_PRINTED
