"""This module reads the bodies that a request asks to send, and refuses bad requests."""

import random
import re
from urllib.parse import parse_qsl

from flask import abort, request

MOST_MESSAGES = 10_000
LONGEST_BODY = 2 * 1024  # bytes
MOST_BYTES = 8 * 1024 * 1024  # of all bodies together
LARGEST_FIRST = 1_000_000_000
LONGEST_FORM = 64 * 1024  # bytes; percent-encoding may write three for each byte of a body


def read_bodies() -> list[str]:
    """Return one body for each message to send; abort with 400, 413 or 415."""
    fields = read_fields("body", "count", "first")
    count = whole_number(fields.get("count", "1"))
    if count is None or not 1 <= count <= MOST_MESSAGES:
        abort(400, f"count is a number from 1 to {MOST_MESSAGES:,}, in digits from 0 to 9.")
    if "first" in fields:
        return _numbered(fields, count)
    if "body" not in fields:
        return [str(random.randrange(10)) for _ in range(count)]
    size = len(fields["body"].encode())
    if size > LONGEST_BODY:
        abort(400, f"body has {size:,} bytes; {LONGEST_BODY:,} are allowed.")
    if size * count > MOST_BYTES:
        abort(400, f"{count:,} × {size:,} bytes is too much; {MOST_BYTES:,} bytes are allowed.")
    return [fields["body"]] * count


def _numbered(fields: dict[str, str], count: int) -> list[str]:
    """Return the numbers from `first` on, so that people can tell the messages apart."""
    if "body" in fields:
        abort(400, "first numbers the messages, and body gives all the same text: take one.")
    first = whole_number(fields["first"])
    if first is None or not 1 <= first <= LARGEST_FIRST:
        abort(400, f"first is a number from 1 to {LARGEST_FIRST:,}, in digits from 0 to 9.")
    return [str(number) for number in range(first, first + count)]


def whole_number(text: str) -> int | None:
    """Return the number that ASCII digits write, or None; int() would also accept «+1» or «1_0»."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else None


def read_fields(*known: str) -> dict[str, str]:
    """Return the `known` fields of query and form; refuse any given twice or not UTF-8."""
    raw = request.query_string
    if request.mimetype == "application/x-www-form-urlencoded":
        raw += b"&" + request.get_data()
    elif request.get_data():
        abort(415, "A form has the type application/x-www-form-urlencoded.")
    fields: dict[str, str] = {}
    for name, value in parse_qsl(raw.decode("latin-1"), True, encoding="latin-1"):
        if name in fields:
            abort(400, f"{name} is given twice.")
        if name in known:
            try:
                fields[name] = value.encode("latin-1").decode()
            except UnicodeDecodeError:
                abort(400, f"{name} is not UTF-8.")
    return fields
