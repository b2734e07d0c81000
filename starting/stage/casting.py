"""How the demo gives a pattern one more listener, or exactly so many."""

from pages.words import number
from patterns import PATTERNS
from starting.stage.cast import Cast
from starting.stage.faults import heal
from starting.stage.own import Part
from starting.stage.poison import forget


def start(cast: Cast, pattern: str) -> str:
    part = Part(PATTERNS[pattern], cast.free_name(pattern))
    one = cast.start(part)
    cast.must_listen(one)
    return f"{one.name} listens, as process {one.pid}: {part.typed()}"


def stage(cast: Cast, pattern: str, listeners: int, ms: int) -> str:
    """Keep, start and stop until there are so many, newest first, so slow, and without a fault."""
    forget(cast, pattern)
    heal(cast, pattern)
    names = [f"{pattern}-{number}" for number in range(1, listeners + 1)]
    wanted = [Part(PATTERNS[pattern], name, ms) for name in names]
    present = cast.present(pattern)
    leaving = [one for one in present if one.part not in wanted]
    for one in leaving:
        one.process.terminate()
    for one in present:
        one.thaw()
    cast.must_end(*leaving)
    there = {one.part for one in cast.present(pattern)}
    cast.must_listen(*(cast.start(part) for part in wanted if part not in there))
    work = f", each with {ms} ms of work for a message" if ms else ""
    return f"{number(listeners, 'listener')} of {PATTERNS[pattern].words.title}{work}."
