"""All that the project does as its user of Redis: web, listeners, work, page and lab."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from redis import Redis

from jobs.commands import LIST_WORKER
from messaging.reporting.reporter import RECORDS
from patterns import PATTERNS
from patterns.stream import STREAM
from tests.parts import Listener, Web
from tests.processes import Process, eventually, stop_all
from tests.stage import Stage

Start = Callable[..., Any]
TAKING_OVER = ("reliable", "stream")


def use_all(start: Start, one_of_each: Start, own: Redis, url: str, web: Web) -> None:
    """Start a listener of each pattern as this user, and let all happen that can.

    `own` uses no command of the rule, so that whatever is used of it is used by the project.
    """
    listeners = one_of_each(REDIS_URL=url)
    oldest = start(Listener, "prodcons", "--oldest-first", REDIS_URL=url)
    for name, listener in listeners.items():
        web.send(f"/{name}?count=3")
        if name != "prodcons":
            listener.receives(3)
    take_over(start, own, url, web, oldest, *(listeners[name] for name in TAKING_OVER))
    for name in TAKING_OVER:
        web.send(f"/{name}?count=5")
    assert web.ask("/reset?what=queue", "POST").status == 303
    assert web.status()["refused"] == ""
    own.rename(RECORDS, "away")
    own.hincrby(RECORDS, "other", 1)
    eventually(lambda: own.hlen(RECORDS) > len(PATTERNS))  # the web stores its records again
    have_work_done(start, url, web)
    stop_all(listeners["prodcons"], listeners["pubsub"], listeners["fanout"])


def have_work_done(start: Start, url: str, web: Web) -> None:
    """Ask for a piece of work in each way that needs no library, until all are done."""
    worker = start(Process, LIST_WORKER, {"REDIS_URL": url})
    for way in ("inline", "thread", "pool", "list"):
        told = web.ask(f"/jobs/{way}/wait?seconds=0", "POST", Accept="application/json").json()
        address = told["pieces"][0]["url"]
        eventually(partial(is_done, web, address))
    assert web.ask(f"{address}/forget", "POST").status == 303
    assert web.ask("/jobs?left=pool&right=list").status == 200
    stop_all(worker)


def is_done(web: Web, address: str) -> bool:
    return bool(web.ask(address, Accept="application/json").json()["state"] == "SUCCESS")


def take_over(start: Start, own: Redis, url: str, web: Web, *before: Listener) -> None:
    """Have a message of each taken over from a listener that has renewed its lease."""
    holders = [start(Listener, name, "--work", "60", REDIS_URL=url) for name in TAKING_OVER]
    stop_all(*before)
    for name in TAKING_OVER:
        web.send(f"/{name}?body=taken-over")
        eventually(lambda name=name: web.figures(name)["waiting"] == 0)  # type: ignore[misc]
    taken = pending(own)
    eventually(lambda: pending(own) > taken)
    others = [start(Listener, name, REDIS_URL=url) for name in TAKING_OVER]
    for holder in holders:
        holder.kill()
    for other in others:
        assert [line["body"] for line in other.receives(1)] == ["taken-over"]
    stop_all(*others)


def pending(own: Redis) -> int:
    """When the lease of the one message that a listener of the stream has was renewed, in ms."""
    (group,) = own.xinfo_stream(STREAM, full=True)["groups"]
    ((_, _, renewed, _),) = group["pending"]
    return int(renewed)


def watch(stage: Stage) -> None:
    """See on the live page how each pattern's listener receives what is sent there."""
    for left, right in (("prodcons", "pubsub"), ("reliable", "stream"), ("fanout", "pubsub")):
        listeners = [stage.listen(name, f"on-{left}") for name in (left, right)]
        tab = stage.open(f"/?left={left}&right={right}")
        for name in (left, right):
            tab.shows(name, there="1")
            before = int(tab.figure(name, "received").replace(",", ""))
            tab.page.click(f"#{name} .one")
            tab.shows(name, received=str(before + 1))
        eventually(lambda tab=tab: sum(one["to"] != "" for one in tab.flights()) == 2)  # type: ignore[misc]
        stop_all(*listeners)
        tab.context.close()
        assert not tab.errors


def lab(start: Start, folder: Path, url: str, *options: str) -> Process:
    """Let the lab run to its end on a Redis that is not its own."""
    command = [sys.executable, "-m", "lab.compare", "--redis", url, "--i-know"]
    process: Process = start(Process, [*command, *options, "--results", str(folder)])
    process.ended(120)
    assert "Traceback" not in process.text
    return process
