"""The options of both kitchens, and how long one cooks and eats there."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from dataclasses import dataclass

# From and to, in seconds. Three cooks make five dishes a second, two eaters eat two and a half.
COOKING = (0.3, 0.9)
EATING = (0.5, 1.1)
TICK = 0.1  # seconds after which whoever waits looks whether the kitchen closes


@dataclass(frozen=True)
class Options:
    """What the user has chosen."""

    cooks: int
    eaters: int
    places: int  # on the counter
    lifo: bool  # whether eaters take the newest dish first
    seconds: float
    redis: bool  # whether cooks and eaters are processes, and the counter is in Redis


def number(
    kind: Callable[[str], float], lowest: float, highest: int, words: str
) -> Callable[[str], float]:
    """Return a reader of numbers in these limits, for argparse."""

    def read(text: str) -> float:
        try:
            found = kind(text if text.isascii() else "")
        except ValueError:
            found = float("nan")
        if not lowest <= found <= highest:  # nor is nan
            raise ArgumentTypeError(f"{text!r} is not {words} from {lowest:g} to {highest:,}")
        return found

    return read


def read_options() -> Options:
    """Return the options of the command line; ends the program with a sentence on a bad one."""
    parser = ArgumentParser(
        "kitchen",
        description="Cooks put dishes on a counter, and eaters take them off. "
        "When the counter is full the cooks wait, when it is empty the eaters.",
        epilog="With --redis, REDIS_URL says where Redis is (default redis://localhost:6379/5). "
        "NO_COLOR=1 turns colours off.",
        allow_abbrev=False,
    )
    people = number(int, 1, 99, "a whole number")
    places = number(int, 1, 1000, "a whole number")
    seconds = number(float, 0.1, 3600, "a number")
    parser.add_argument("--cooks", type=people, default=3, metavar="N", help="default 3")
    parser.add_argument("--eaters", type=people, default=2, metavar="N", help="default 2")
    parser.add_argument(
        "--places", type=places, default=10, metavar="N", help="on the counter, default 10"
    )
    parser.add_argument("--lifo", action="store_true", help="eaters take the newest dish first")
    parser.add_argument("--seconds", type=seconds, default=12, metavar="S", help="default 12")
    parser.add_argument(
        "--redis",
        action="store_true",
        help="cooks and eaters are processes, and the counter is a list in Redis; "
        "otherwise they are threads, and the counter is a queue.Queue",
    )
    return Options(**vars(parser.parse_args()))
