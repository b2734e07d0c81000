"""Many clients at once: each is served in turn, and refused at once where that takes too long."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from redis import Redis

from pages import guard
from patterns.prodcons import QUEUE
from tests.parts import Web
from web import app

EAGER = 200  # clients that always have a next request
NEW = 100
ROUNDS = 6  # answers that each of them may have before a new one has its first
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def ask(port: int, answers: list[int]) -> None:
    """Ask again and again over one connection; append the time of each answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while True:
            writer.write(REQUEST)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 503 "))
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split()[0]))
            answers[0] += 1
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def answers_before(port: int) -> list[int]:
    """Return how many answers eager clients had between each new one's coming and its answer."""
    answers, waited = [0], []
    async with asyncio.TaskGroup() as tasks:
        clients = [tasks.create_task(ask(port, answers)) for _ in range(EAGER)]
        while answers[0] < EAGER:
            await asyncio.sleep(0)
        coming = [([0], answers[0]) for _ in range(NEW)]
        clients += [tasks.create_task(ask(port, mine)) for mine, _ in coming]
        while coming:
            await asyncio.sleep(0)
            waited += [answers[0] - before for mine, before in coming if mine[0]]
            coming = [one for one in coming if not one[0][0]]
        for client in clients:
            client.cancel()
    return waited


def test_a_new_client_waits_for_few_of_those_who_ask_again_and_again(web: Web) -> None:
    with ThreadPoolExecutor(1) as own:  # for in this thread, playwright's loop may already run
        waited = own.submit(asyncio.run, answers_before(web.port)).result()
    assert max(waited) < ROUNDS * EAGER


def test_whoever_would_wait_long_is_refused_and_nothing_is_sent(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = app.test_client(), time.monotonic()
    monkeypatch.setattr(guard, "monotonic", lambda: now)

    def others_need(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(guard, "sleep", lambda _: others_need(guard.BUSY - 0.1))
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(guard, "sleep", lambda _: others_need(guard.BUSY + 0.1))
    answer = client.get("/prodcons", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json == {"error": "Too many ask at once. Please try again."}
    assert redis.llen(QUEUE) == 0
