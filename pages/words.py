"""This module writes numbers in the same way for every page."""

from decimal import ROUND_HALF_UP, Context, Decimal


def number(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun, as in «1 listener» and «2,406 listeners»."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


TWO_DIGITS = Context(prec=2, rounding=ROUND_HALF_UP)


def quantity(value: object) -> str:
    """Write a figure: a fraction below 100 with two digits, and a dash for what is not known.

    Halves are rounded up, as static/words.js does it too; tests/cases/quantity.json tests both.
    """
    if not isinstance(value, int | float):
        return "–"
    exact = Decimal(repr(value))
    is_short = exact < 100 and value != int(value)
    rounded = TWO_DIGITS.plus(exact) if is_short else exact.to_integral_value(ROUND_HALF_UP)
    return f"{rounded.normalize():,f}"
