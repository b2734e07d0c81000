"""What one can tell a listener on its command line."""

import argparse
import os
from collections.abc import Mapping

EXAMPLES = """
examples:
  python listeners/{0}.py
  python listeners/{0}.py --name slow --work 0.2
  python listeners/{0}.py --json > received.jsonl

REDIS_URL says where Redis is (default redis://localhost:6379/5), NO_COLOR=1 turns colours off.
"""


# A pattern's own options by their names: the help of a flag, or a default name and its help.
Own = Mapping[str, str | tuple[str, str]]


def read_options(pattern: str, about: str, own: Own) -> argparse.Namespace:
    """The command line's `name`, `work` (seconds), `json`, and the pattern's `own` options.

    --help and bad options end the process, as usual.
    """
    parser = argparse.ArgumentParser(
        prog=f"python listeners/{pattern}.py",
        description=about,
        epilog=EXAMPLES.format(pattern),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--name", type=_name, default=f"{pattern}-{os.getpid()}", help="default: %(default)s"
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
    for name, meaning in own.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(meaning, str):
            parser.add_argument(option, action="store_true", help=meaning)
        else:
            default, text = meaning
            text += "; default: %(default)s"
            parser.add_argument(option, type=_name, default=default, metavar="NAME", help=text)
    return parser.parse_args()


def _name(text: str) -> str:
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
