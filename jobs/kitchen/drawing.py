"""Draws the kitchen: as a chart in which one sees who waits and when, or an event as a line."""

from bisect import bisect_left

from jobs.kitchen.diary import GONE, Diary, Event, Span

WINE, BLUE, BOLD, GREY = "38;5;125", "38;5;32", "1", "38;5;245"  # for terminals of 256 colours
WIDEST_BAR = 20  # characters
LEVELS = "·▁▂▃▄▅▆▇█"  # of the counter: only an empty one is the first, only a full one the last
WAITS, WORKS = "▒", "─"
MARGINS = 11, 18  # columns left and right of the chart


def describe(event: Event, diary: Diary, at: float) -> str:
    """Return an event as a line of at most 80 columns; `at` is in seconds since the start."""
    level, what = diary.level, f"{event.what} {event.dish}".rstrip()
    if event.what == "waits":  # it has found the counter like that
        level = diary.places if event.is_of_cook else 0
        what = f"waits: the counter is {'full' if event.is_of_cook else 'empty'}"
    width = min(diary.places, WIDEST_BAR)
    bar = "■" * -(-level * width // diary.places)
    fill = f"{level:{len(str(diary.places))}} of {diary.places}"
    return f"{at:7.2f} s  {bar:·<{width}}  {fill}  {event.who} {what}"


def draw(
    diary: Diary,
    cooks: list[str],
    eaters: list[str],
    time_shown: tuple[float, float, float],
    columns: int,
    coloured: bool,
) -> list[str]:
    """Return the lines of the chart, in which a column is a slot of time.

    `time_shown` is the start, the seconds that the kitchen is open, and now.
    """
    start, seconds, now = time_shown
    width = columns - sum(MARGINS) - 1
    slots = [(start + seconds * n / width, start + seconds * (n + 1) / width) for n in range(width)]
    slots = [slot for slot in slots if slot[1] <= now]

    def row(name: str, cells: str, colour: str, said: str) -> str:
        chart = f"{cells:<{width}}"
        return f"{name:<{MARGINS[0]}}{paint(chart, colour, coloured)}  {said}"

    def person(who: str) -> str:
        spans, doing = diary.spans(who, now), diary.doing.get(who, "")
        cells = "".join(WAITS if fills(spans, slot) else WORKS for slot in slots)
        said = f"waited {diary.waited(who, now):5.1f} s"
        if doing == "waits":
            said = f"WAITS  {diary.waited(who, now):5.1f} s"
        if doing in GONE:
            said = paint(doing, WINE, coloured)
        return row(who, cells, BOLD, said)

    level = "".join(LEVELS[step(diary.level_at(end), diary.places)] for _, end in slots)
    axis = f"{'':{MARGINS[0]}}{'0 s':<{width - 8}}{f'{seconds:g} s':>8}"
    counter = row("counter", level, BLUE, f"{diary.level:,} of {diary.places:,}")
    legend = f"{WAITS} waits, {WORKS} cooks or eats"
    return [
        paint(axis, GREY, coloured),
        *map(person, cooks),
        counter,
        *map(person, eaters),
        paint(f"{'':{MARGINS[0]}}{legend}", GREY, coloured),
    ]


def fills(spans: list[Span], slot: Span) -> bool:
    """Return whether these spans, of which each begins after the last, fill half of the slot."""
    start, end = slot
    shared = 0.0
    for since, until in spans[bisect_left(spans, start, key=lambda span: span[1]) :]:
        if since >= end:
            break
        shared += min(end, until) - max(start, since)
    return shared >= (end - start) / 2


def step(level: int, places: int) -> int:
    """Return which of the LEVELS this is."""
    if level == places:
        return len(LEVELS) - 1
    return 0 if not level else 1 + level * (len(LEVELS) - 2) // places


def paint(text: str, colour: str, coloured: bool) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if coloured else text
