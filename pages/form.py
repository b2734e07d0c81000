"""This module reads the bodies that a request asks to send, and refuses bad requests."""

import random
import re
from urllib.parse import parse_qsl

from flask import abort, request

MOST_MESSAGES = 10_000
LONGEST_BODY = 2 * 1024  # bytes
MOST_BYTES = 8 * 1024 * 1024  # of all bodies together
LONGEST_FORM = 64 * 1024  # bytes; percent-encoding may write three for each byte of a body


def read_bodies() -> list[str]:
    """Return one body for each message to send; abort with 400, 413 or 415."""
    fields = _read_fields()
    count = whole_number(fields.get("count", "1"))
    if count is None or not 1 <= count <= MOST_MESSAGES:
        abort(400, f"count is a number from 1 to {MOST_MESSAGES:,}, in digits from 0 to 9.")
    if "body" not in fields:
        return [str(random.randrange(10)) for _ in range(count)]
    size = len(fields["body"].encode())
    if size > LONGEST_BODY:
        abort(400, f"body has {size:,} bytes; {LONGEST_BODY:,} are allowed.")
    if size * count > MOST_BYTES:
        abort(400, f"{count:,} × {size:,} bytes is too much; {MOST_BYTES:,} bytes are allowed.")
    return [fields["body"]] * count


def whole_number(text: str) -> int | None:
    """Return the number that ASCII digits write, or None; int() would also accept «+1» or «1_0»."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else None


def _read_fields() -> dict[str, str]:
    """Return the fields of query and form; refuse one that is given twice or is not UTF-8."""
    raw = request.query_string
    if request.mimetype == "application/x-www-form-urlencoded":
        raw += b"&" + request.get_data()
    elif request.get_data():
        abort(415, "A form has the type application/x-www-form-urlencoded.")
    fields: dict[str, str] = {}
    for name, value in parse_qsl(raw.decode("latin-1"), True, encoding="latin-1"):
        if name in fields:
            abort(400, f"{name} is given twice.")
        if name in ("body", "count"):
            try:
                fields[name] = value.encode("latin-1").decode()
            except UnicodeDecodeError:
                abort(400, f"{name} is not UTF-8.")
    return fields
