"""Runs siege against a link, and prints what the listeners received."""

import json
import math
import shutil
import sys
import time
from subprocess import DEVNULL
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from messaging.settings import PORT
from patterns import PATTERNS
from starting.children import Children, StopAskedError
from starting.demo import WEB_URL, web_answers
from starting.parts import listener_command
from starting.process import spawn

USAGE = f"./scripts/siege {'|'.join(PATTERNS)} [siege's options, -c10 -r5 unless told otherwise]"
READY_WITHIN = 10  # seconds for listeners to start
RECEIVED_WITHIN = 5  # seconds after siege's end
SETTLED = 1.2  # seconds without a change; each process reports once a second at least
MOVING = ("sent", "received", "waiting")

WHY_FEWER = (
    "Siege counts more transactions than that: the link redirects to the front page, and siege\n"
    "follows, and fetches the style sheet and the scripts of that page as well."
)

Figures = dict[str, Any]  # of one pattern, from /status


class NoFiguresError(Exception):
    """The web server gives no figures; the message says why."""


def main(arguments: list[str]) -> int:
    """Check that everything is there, and besiege; returns the exit code."""
    if not arguments or arguments[0] not in PATTERNS:
        print(f"How to use it: {USAGE}", file=sys.stderr)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    if not shutil.which("siege"):
        print("siege is not installed: apt install siege, or brew install siege.", file=sys.stderr)
        return 1
    if not web_answers():
        print(f"No web answers at port {PORT}: start ./scripts/demo first.", file=sys.stderr)
        return 1
    children = Children()
    try:
        return besiege(arguments[0], with_limits(arguments[1:]), children)
    except StopAskedError:
        return 130
    except NoFiguresError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        children.stop(*children.running())


def with_limits(options: list[str]) -> list[str]:
    """Siege's options, with -c10 and -r5 where they name no users or no end."""
    has_end = any(option.startswith(("-r", "--reps", "-t", "--time")) for option in options)
    return ["-c10", *([] if has_end else ["-r5"]), *options]  # siege takes the last -c


def besiege(pattern: str, options: list[str], children: Children) -> int:
    """Run siege and print who received what; start two listeners if there are none."""
    if not ask(pattern)["there"]:
        for name in ("siege-1", "siege-2"):
            command = listener_command(pattern, "--json", "--name", name)
            children.add(name, spawn(command, stdout=DEVNULL, stderr=DEVNULL))
        children.wait_until(lambda: ask(pattern)["there"] >= 2, READY_WITHIN, needs="siege-2")
    before = settle(pattern, children)
    children.add("siege", spawn(["siege", *options, f"{WEB_URL}/{pattern}"]))
    try:
        while "siege" in children.running():
            children.wait()
    except StopAskedError:
        children.stop("siege")  # the figures until then are printed
    after = settle(pattern, children, before.get("unreceived", 0))
    sent = after["sent"] - before["sent"]
    print(f"\nSent:{sent:>36,}")
    print(WHY_FEWER)
    earlier = {one["id"]: one["received"] for one in before["listeners"]}
    for one in after["listeners"]:
        received = one["received"] - earlier.get(one["id"], 0)
        gone = f", {one['state']}" if one["state"] == "gone" else ""
        print(f"Received by {one['name']:<16}{received:>13,}{gone}")
    for name, what in (("missed", "Missed"), ("unheard", "Heard by nobody")):
        if count := after.get(name, 0) - before.get(name, 0):
            print(f"{what + ':':<28}{count:>13,}")
    if "waiting" in after:
        print(f"Waiting:{after['waiting']:>33,}, before {before['waiting']:,}")
    if not sent:
        print("Siege sent nothing: its own lines say why.", file=sys.stderr)
    return 0 if sent else 1


def settle(pattern: str, children: Children, unreceived: float = math.inf) -> Figures:
    """Wait until the figures stay the same, at most for RECEIVED_WITHIN; return them.

    More than `unreceived` messages in hand or lost are still on their way, if there is time.
    """
    latest, deadline = ask(pattern), time.monotonic() + RECEIVED_WITHIN
    while time.monotonic() < deadline:
        children.wait(SETTLED)
        before, latest = latest, ask(pattern)
        is_still = all(before.get(name) == latest.get(name) for name in MOVING)
        if is_still and latest.get("unreceived", 0) <= unreceived:
            break
    return latest


def ask(pattern: str) -> Figures:
    """Ask the web server for the figures of a pattern; raises NoFiguresError."""
    try:
        with urlopen(f"{WEB_URL}/status", timeout=5) as answer:  # noqa: S310
            return dict(json.load(answer)["patterns"][pattern])
    except (URLError, TimeoutError, ValueError) as error:
        why = "with LIVE=0 it does not" if getattr(error, "code", 0) == 404 else str(error)
        raise NoFiguresError(f"The web at {WEB_URL} tells no figures: {why}.") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
