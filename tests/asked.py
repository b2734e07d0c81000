"""How a program asks for pieces of work, and what it is told."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlencode

from jobs.work import State
from tests.parts import Answer, Web
from tests.processes import DEADLINE, eventually

Stream = Iterator[dict[str, Any]]
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def post(web: Web, path: str, body: str = "", **headers: str) -> Answer:
    return web.ask(path, "POST", body, **{"Content_Type": FORM, "Accept": JSON, **headers})


def asked(web: Web, path: str, **fields: object) -> list[dict[str, Any]]:
    """Ask for pieces; return what the answer tells of each."""
    answer = post(web, path, urlencode(fields))
    assert answer.status in (200, 202), answer
    pieces: list[dict[str, Any]] = answer.json()["pieces"]
    return pieces


def told(web: Web, url: str) -> dict[str, Any]:
    answer = web.ask(url, Accept=JSON)
    assert answer.status == 200, answer
    return answer.json()


def ended(web: Web, url: str) -> dict[str, Any]:
    """Wait until a piece is over; return what is told of it."""

    def over() -> dict[str, Any] | None:
        found = told(web, url)
        return found if State(found["state"]).is_final else None

    found = eventually(over)
    assert found
    return found


@contextmanager
def streamed(web: Web, path: str) -> Iterator[Stream]:
    """The snapshots of a stream, one by one."""
    with closing(http.client.HTTPConnection(web.host, timeout=DEADLINE)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200

        def snapshots() -> Stream:
            event, deadline = b"", time.monotonic() + DEADLINE  # beats go on for ever
            while line := response.readline():
                assert time.monotonic() < deadline, "what was waited for was not told"
                if line.startswith(b"event: "):
                    event = line.strip()
                elif line.startswith(b"data: ") and event == b"event: snapshot":
                    yield json.loads(line[6:])

        yield snapshots()
