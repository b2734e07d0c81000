"""The kinds of values that a task takes: each checks a value, and describes itself to people.

A task names them in its type hints: `seconds: Annotated[float, Within(0, 60)]`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

# A number as a form sends it; float() would also take «1_0», «٣», «nan» and spaces.
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
# Control characters, halves of characters, and line breaks beside \n.
NOT_TEXT = ("Cc", "Cs", "Zl", "Zp")


class Kind(Protocol):
    """Which values an argument may have."""

    def words(self) -> str:
        """Return what is allowed, as in «a number from 0 to 60»."""

    def attributes(self) -> Mapping[str, object]:
        """Return the attributes of the form field: `type`, `min`, `maxlength`, …

        `options` instead of `type` means a choice, and `rows` a field of several lines.
        """

    def read(self, value: object) -> object:
        """Return the value that text of a form or a value of JSON means; raises ValueError."""


@dataclass(frozen=True, slots=True)
class Within:
    """A number from `low` to `high`; `is_whole` follows from the type hint."""

    low: float
    high: float
    is_whole: bool = False

    def words(self) -> str:
        return f"a {'whole ' * self.is_whole}number from {self.low:,} to {self.high:,}"

    def attributes(self) -> Mapping[str, object]:
        step = 1 if self.is_whole else "any"
        return {"type": "number", "min": self.low, "max": self.high, "step": step}

    def read(self, value: object) -> float:
        if isinstance(value, str):
            if not NUMBER.fullmatch(value):
                raise ValueError
            value = float(value) if "." in value else int(value)
        if isinstance(value, bool) or not isinstance(value, int if self.is_whole else int | float):
            raise ValueError
        if not self.low <= value <= self.high:  # NaN is in no range
            raise ValueError
        return value if self.is_whole else float(value)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of up to `longest` characters, on one line unless `has_lines`; it is never empty."""

    longest: int
    has_lines: bool = False

    def words(self) -> str:
        lines = "" if self.has_lines else " on one line"
        return f"a text of 1 to {self.longest:,} characters{lines}, without control characters"

    def attributes(self) -> Mapping[str, object]:
        kind = {"rows": 4} if self.has_lines else {"type": "text"}
        return {**kind, "maxlength": self.longest}

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError
        if self.has_lines:
            value = value.replace("\r\n", "\n")  # as forms send them
        if not 1 <= len(value) <= self.longest or not value.strip():
            raise ValueError
        allowed = "\n\t" if self.has_lines else ""
        if any(unicodedata.category(one) in NOT_TEXT and one not in allowed for one in value):
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few texts."""

    options: tuple[str, ...]

    def words(self) -> str:
        return f"one of {', '.join(self.options)}"

    def attributes(self) -> Mapping[str, object]:
        return {"options": self.options}

    def read(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Matching:
    """A text that a regular expression describes; `allowed` says the same in words."""

    pattern: str  # as HTML understands it, too
    longest: int
    allowed: str
    type: str = "text"  # of the form field

    def words(self) -> str:
        return self.allowed

    def attributes(self) -> Mapping[str, object]:
        return {"type": self.type, "pattern": self.pattern, "maxlength": self.longest}

    def read(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > self.longest:
            raise ValueError
        if not re.fullmatch(self.pattern, value, re.ASCII):
            raise ValueError
        return value
