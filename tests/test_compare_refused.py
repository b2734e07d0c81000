"""Options that the lab's command refuses, each in a sentence."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab.options import read_options
from tests.parts import lab
from tests.processes import Process

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--scenario", "nothing"], "invalid choice: 'nothing'"),
        (["--pattern", "nothing"], "invalid choice: 'nothing'"),
        (["--repeat", "0"], "--repeat is a number from 1 to 100."),
        (["--rate", "50001"], "--rate is from 1 to 50,000 messages a second."),
        (["--kills", "-1"], "--kills is a number from 0 to 100,000."),
        (["--redis", "redis://localhost"], "Add --i-know"),
        (["--redis", "http://localhost", "--i-know"], "--redis begins with redis://"),
        (["--redis", "redis://localhost:1", "--i-know"], "No Redis at localhost:1/0"),
        (["--listener", "cat"], "--listener needs a --pattern"),
        (["--order", "random"], "It is one of oldest-first, newest-first, none."),
        (["--order", "none", "--pattern", "stream"], "add --listener."),
        (["--rate", "5", "--scenario", "late"], "--rate is for the scenario steady."),
        (["--kills", "5", "--scenario", "late"], "--kills is for the scenario killed alone."),
        (["--kill-child", "--scenario", "killed"], "add --listener and --scenario killed."),
        (["--redis-server", "/no/redis-server"], "there is no file /no/redis-server."),
        (["--redis-server", "/"], "there is no file /."),
        (["--redis-server", __file__], f"{Path(__file__).name} may not be executed."),
        (["--redis-server", sys.executable], "is no Redis and no Valkey"),
        (["--redis-server", "/any", "--redis", "redis://x", "--i-know"], "name one of them."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    options: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["compare", *options])
    with pytest.raises(SystemExit) as end:
        read_options()
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rate", "0.5"], "--rate is from 1 to 50,000 messages a second."),
        (["--results", "/proc/nope"], "/proc/nope cannot be used"),
        (["--scenario", "stuck", "--pattern", "reliable"], "Nothing is to be run"),
        (
            ["--scenario", "poison", "--redis", os.environ["REDIS_URL"], "--i-know"],
            "Nothing is to be run",
        ),
    ],
)
def test_a_refused_run_ends_with_a_code(options: list[str], sentence: str, start: Start) -> None:
    process = start(Process, lab(*options))
    said = process.ended()
    assert process.popen.returncode == 2
    assert sentence in said
    assert "Traceback" not in said
