"""Which parts a demo starts: those that are named, and what they need."""

import sys
from pathlib import Path

from jobs.commands import WORKERS, celery_beat
from jobs.settings import SMTP
from patterns import FIRST_TWO, PATTERNS
from starting.process import NotStartedError

JOBS = "jobs"  # stands for all that work
BEAT, MAIL = "beat", "mail"
SERVERS = ("redis", "web")
WORKING = (*WORKERS, BEAT, MAIL)
KNOWN = (*SERVERS, *PATTERNS, JOBS, *WORKING)


def read_parts(arguments: list[str]) -> list[str]:
    """The names of the parts to start; raises NotStartedError."""
    if unknown := [one for one in arguments if one not in KNOWN]:
        raise NotStartedError(f"There is no {unknown[0]} to start, only {', '.join(KNOWN)}.")
    parts = [*arguments]
    if JOBS in parts:
        parts += [*WORKERS, BEAT]
    if any(way in parts for way in WORKERS) and SMTP.is_here:
        parts.append(MAIL)  # so that a notice finds a server
    everything = not {*SERVERS} & {*arguments}
    return [*(SERVERS if everything else ()), *(parts or FIRST_TWO)]


def commands_of_work(parts: list[str], folder: Path) -> dict[str, list[str]]:
    """The commands of those of these parts that work, by the name of each process."""
    all_of = {
        **WORKERS,
        BEAT: [celery_beat(folder)],
        MAIL: [[sys.executable, "-m", "jobs.catcher"]],
    }
    chosen = {part: all_of[part] for part in WORKING if part in parts}
    return {
        f"{part}-{number}" if len(commands) > 1 else part: command
        for part, commands in chosen.items()
        for number, command in enumerate(commands, 1)
    }


def page_of(parts: list[str]) -> str:
    """The address, on our site, of the page that shows these parts."""
    if working := [way for way in WORKERS if way in parts]:
        return f"/jobs?left=inline&right={working[-1]}"
    left, right = [*(p for p in PATTERNS if p in parts), *FIRST_TWO][:2]
    return "" if (left, right) == FIRST_TWO or left == right else f"/?left={left}&right={right}"
