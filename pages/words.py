"""Numbers in words, as every page writes them."""


def number(count: int, one: str, many: str = "") -> str:
    """As in «1 listener» and «2,406 listeners»."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def quantity(value: object) -> str:
    """A figure as the page writes it, fractions in two digits; a dash for what is not known."""
    if not isinstance(value, int | float):
        return "–"
    rounded = value if value >= 100 else float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 or rounded == int(rounded) else f"{rounded:g}"
