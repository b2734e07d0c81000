"""Asks for work over HTTP, as a person's click does, and follows what becomes of it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from bench.bars import SpoiltError

OVER = ("SUCCESS", "FAILURE", "UNKNOWN")
ANSWER_WITHIN = 60  # seconds; a click that waits for its work may take long
LOOK_EVERY = 0.05  # second
NOTHING: dict[str, Any] = {"state": "", "tries": 0}


@dataclass(frozen=True)
class Click:
    """One click: how long it took in seconds, and the ids of the pieces that it asked for."""

    seconds: float
    ids: tuple[str, ...]


def click(host: str, way: str, task: str, **arguments: object) -> Click:
    """Ask for one piece; raises SpoiltError when it is refused, OSError when nobody answers."""
    web = HTTPConnection(host, timeout=ANSWER_WITHIN)
    form = "&".join(f"{name}={value}" for name, value in arguments.items())
    begun = time.monotonic()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        web.request("POST", f"/jobs/{way}/{task}", form, headers)
        answer = web.getresponse()
        said = answer.read()
    finally:
        web.close()
    if answer.status not in (200, 202):
        raise SpoiltError(f"{way} refused: {answer.status} {said[:200]!r}")
    took = time.monotonic() - begun
    return Click(took, tuple(one["id"] for one in json.loads(said)["pieces"]))


def at_once(host: str, many: int, way: str, task: str, **given: object) -> list[Click]:
    """So many people click once, at the same time."""
    with ThreadPoolExecutor(many) as crowd:
        asked = [crowd.submit(click, host, way, task, **given) for _ in range(many)]
        return [one.result() for one in asked]


def steadily(
    host: str, many: int, every: float, way: str, task: str, **given: object
) -> list[Click]:
    """One person after the other clicks, with so many seconds between, whoever still waits."""
    begun = time.monotonic()
    with ThreadPoolExecutor(many) as crowd:
        asked = []
        for number in range(many):
            time.sleep(max(0, begun + number * every - time.monotonic()))
            asked.append(crowd.submit(click, host, way, task, **given))
        return [one.result() for one in asked]


def look(host: str, id_: str) -> dict[str, Any]:
    """What the web knows of a piece; its state is empty when it knows nothing, or is away."""
    web = HTTPConnection(host, timeout=5)
    try:
        web.request("GET", f"/jobs/{id_}", headers={"Accept": "application/json"})
        answer = web.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
        return found if answer.status == 200 else NOTHING
    except (OSError, HTTPException, ValueError):
        return NOTHING
    finally:
        web.close()


def look_until_over(host: str, ids: list[str], within: float) -> list[dict[str, Any]]:
    """Look until all are over or the time is; returns what is known of each in the end."""
    deadline = time.monotonic() + within
    found: dict[str, dict[str, Any]] = {}
    while time.monotonic() < deadline:
        for id_ in ids:
            if found.get(id_, {}).get("state") not in OVER:
                found[id_] = look(host, id_)
        if all(one["state"] in OVER for one in found.values()):
            break
        time.sleep(LOOK_EVERY)
    return [found[id_] for id_ in ids]
