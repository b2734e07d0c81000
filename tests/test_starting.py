"""The harness that starts the parts: what a process writes is read, and none outlives us."""

import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import psutil
import pytest

from starting.output import Output
from starting.parts import RedisServer, own_redis
from starting.ports import busy_ports
from starting.process import NotStartedError
from starting.proxy import Proxy
from tests.processes import ROOT, Process, eventually, marked

Start = Callable[..., Any]


def test_what_a_process_writes_is_read_line_by_line(start: Start, tmp_path: Path) -> None:
    files = tmp_path / "it.jsonl", tmp_path / "it.txt"
    files[0].write_text("of an earlier one\n")
    script = "echo first; printf torn; echo problem >&2; read line; echo; echo last"
    one = start(Process, ["sh", "-c", script], files=files, stdin=-1)
    one.says("problem")
    assert one.out == ["first"]
    assert one.text == "first\ntornproblem\n"
    one.popen.stdin.close()
    one.ended()
    assert one.out == ["first", "torn", "last"]
    assert one.stdout.last_line() == "last"
    assert files[0].read_text() == "of an earlier one\nfirst\ntorn\nlast\n"


def test_what_did_not_start_is_told_with_its_last_words(start: Start) -> None:
    one = start(Process, ["sh", "-c", "echo no such luck; exec false"])
    with pytest.raises(NotStartedError, match="no such luck"):
        one.must(lambda: False)


def test_a_redis_that_cannot_start_says_what_is_in_its_log(tmp_path: Path) -> None:
    with pytest.raises(NotStartedError, match="appendonlydir"):
        own_redis(tmp_path, "--appendonly", "yes", "--appenddirname", "appendonlydir/no")


def test_a_redis_that_is_not_ours_is_no_start(server: RedisServer, tmp_path: Path) -> None:
    with pytest.raises(NotStartedError, match="in use"):
        RedisServer(server.port, tmp_path)
    another = own_redis(tmp_path, port=server.port)
    another.kill()
    assert another.port != server.port


def test_a_port_is_busy_until_the_other_end_has_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        other, (_, port) = server.accept()
        assert port in busy_ports()
        client.close()
        assert port in busy_ports()
        other.close()
        eventually(lambda: port not in busy_ports())


def test_a_reply_in_two_pieces_is_not_held_back_by_the_proxy() -> None:
    """Redis 6.2 writes a long reply in pieces; without TCP_NODELAY the second waits 40 ms."""
    took = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = Proxy(server.getsockname()[1])
        with (
            socket.create_connection(("127.0.0.1", proxy.port)) as client,
            server.accept()[0] as redis,
        ):
            redis.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(41):
                began = time.monotonic()
                client.sendall(b"ask")
                assert redis.recv(3) == b"ask"
                for piece in (b"one", b"two"):
                    redis.sendall(piece)
                    time.sleep(0.002)  # so that the proxy forwards each by itself
                assert client.recv(6, socket.MSG_WAITALL) == b"onetwo"
                took.append(time.monotonic() - began)
        proxy.close()
    assert median(took) < 0.02


def test_a_process_and_its_group_end_with_whoever_started_it(start: Start) -> None:
    mark = f"mark-{uuid4().hex}"
    script = "from starting.process import Process; Process(['sleep', '60']).popen.wait()"
    one = start(Process, [sys.executable, "-c", script], environ={"MARK": mark})
    eventually(lambda: len(marked(mark)) == 2)
    one.gets(signal.SIGKILL)
    eventually(lambda: not marked(mark))


def test_who_is_killed_takes_its_session_along(start: Start) -> None:
    one = start(Process, ["sh", "-c", "sleep 60 & sleep 61"])
    eventually(lambda: len(one.members()) == 3)
    assert one.members()[0].pid == one.popen.pid
    members = one.members()
    one.kill()
    eventually(lambda: not any(is_there(member) for member in members))


def is_there(process: psutil.Process) -> bool:
    """Whether it runs: one that nobody has waited for yet is none that runs."""
    with suppress(psutil.NoSuchProcess):
        return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    return False


def test_the_browser_is_needed_by_one_module_alone() -> None:
    knows = [p.name for p in (ROOT / "starting").glob("*.py") if "playwright" in p.read_text()]
    assert knows == ["browser.py"]


@pytest.mark.parametrize(
    ("said", "last"),
    [("é".encode() * 900, "\ufffd" + "é" * 499), (b"x\n\xff", "\ufffd")],
    ids=["cut in the middle of a character", "no text"],
)
def test_the_last_line_may_be_anything(said: bytes, last: str, tmp_path: Path) -> None:
    output = Output(tmp_path / "said")
    (tmp_path / "said").write_bytes(said + b"\n")
    assert output.last_line() == last
    output.close()
