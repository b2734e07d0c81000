"""The command line of a listener."""

import argparse
from collections.abc import Callable

EXAMPLES = """
examples:
  python listeners/{0}.py
  python listeners/{0}.py --name slow --work 0.2
  python listeners/{0}.py --json > received.jsonl

REDIS_URL says where Redis is (default redis://localhost:6379/5), NO_COLOR=1 turns colours off.
"""


AddArguments = Callable[[argparse.ArgumentParser], None]  # a pattern's own options


def read_options(pattern: str, about: str, add_arguments: AddArguments) -> argparse.Namespace:
    """Return `name`, `work` (seconds), `json` and the pattern's own options.

    --help and invalid options end the process.
    """
    parser = argparse.ArgumentParser(
        prog=f"python listeners/{pattern}.py",
        description=about,
        epilog=EXAMPLES.format(pattern),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--name", type=listener_name, help="default: the pattern and the number of the process"
    )
    parser.add_argument(
        "--work",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="pretend that each message takes that long",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one line of JSON a message, for other programs"
    )
    add_arguments(parser)
    return parser.parse_args()


def listener_name(text: str) -> str:
    if not text.isprintable() or text.isspace() or not 1 <= len(text) <= 64:
        raise argparse.ArgumentTypeError("a name has 1 to 64 printable characters, not only spaces")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 3600")
    return seconds
