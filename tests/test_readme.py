"""What the README says is so: every command is there and does what it is said to."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from lab.table import REFERENCE, SOAK, markdown, soak
from pages import settings
from tests.parts import Answer, Listener, Web
from tests.processes import ROOT, Process, eventually
from tests.test_structure import length, sources

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = {line for block in BLOCKS for line in block.splitlines()}
# Run by other tests, under the name that is given here.
RUN_ELSEWHERE = {
    "./scripts/demo": "test_the_demo_shows_both_patterns",
    "./scripts/test": "",  # it is what runs this
    "./scripts/siege prodcons": "test_the_script_starts_listeners_of_its_own",
    "./scripts/siege pubsub -c20 -r10": "test_the_script_starts_listeners_of_its_own",
    "./scripts/compare --quick": "",  # CI runs it after the tests
    "./scripts/compare": "test_200_kills_lose_nothing",
    "gunicorn web:app": "def web(",
    "python3 -m venv .venv": "./scripts/demo",
    ". .venv/bin/activate": "./scripts/demo",
    "pip install -r requirements.txt": "./scripts/demo",
}


def test_every_command_is_known() -> None:
    known = {
        c for c in COMMANDS if c.startswith(("curl ", "python listeners", "python -m listeners"))
    }
    own = {
        c for c in COMMANDS if "--listener" in c or c.startswith("  'while")
    }  # test_own_listener
    assert known | own | set(RUN_ELSEWHERE) == COMMANDS
    tests = "".join(path.read_text() for path in (ROOT / "tests").glob("*.py"))
    for test in RUN_ELSEWHERE.values():
        assert test in tests
    for script in re.findall(r"\./scripts/\w+", README):
        assert (ROOT / script).stat().st_mode & 0o111
    assert "./scripts/watch stop" in README


@pytest.mark.parametrize("command", sorted(c for c in COMMANDS if "listeners" in c))
def test_every_listener_command_listens(command: str, start: Callable[..., Any]) -> None:
    words = command.split()
    listener = start(Process, [sys.executable, *words[1:]])
    if "--help" in words:
        assert "examples:" in listener.ended()
        return
    listener.says("Listening to ")
    if "--until-empty" in words:
        listener.ended()
    else:
        listener.stop()
    assert listener.popen.returncode == 0


@pytest.mark.parametrize("command", sorted(c for c in COMMANDS if c.startswith("curl")))
def test_every_curl_command_does_what_it_says(command: str, web: Web) -> None:
    command = command.replace("127.0.0.1:5000", web.host)
    stream = "-N" in command
    said = subprocess.run(
        ["sh", "-c", f"{command} -sS -f{' -m 1' if stream else ''}"],
        capture_output=True,
        text=True,
        check=not stream,
    ).stdout
    if "/reset" in command:
        assert 'href="/?zeroed=' in said
    elif stream:
        assert said.startswith("retry: 1000\n\nevent: snapshot\ndata: {")
    elif "/status" in command:
        assert json.loads(said)["redis"] == "up"
    else:
        assert "Last click" in said or json.loads(said)["outcome"] == "sent"


def test_every_field_of_the_status_is_told(web: Web, start: Callable[..., Any]) -> None:
    start(Listener, "prodcons")
    # Each of the two processes learns of it in its own time.
    eventually(lambda: all(web.figures("prodcons")["there"] for _ in range(20)))
    status = web.status()
    fields = {*status, *(field for told in status["patterns"].values() for field in told)}
    fields |= status["patterns"]["prodcons"]["listeners"][0].keys()
    told = re.findall(
        r"`(\w+)`", README[README.index("`/status` tells") : README.index("## Siege")]
    )
    assert fields <= set(told)


def test_the_json_is_as_told(web: Web, start: Callable[..., Any]) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    sent = web.send("/prodcons")
    assert list(json.loads(example)) == list(sent)
    assert set(sent) - {"length"} | {"subscribers"} == set(web.send("/pubsub"))
    listener = start(Listener, "prodcons")
    (line,) = listener.receives(1)
    for field in line:
        assert f"`{field}`" in README


def test_every_setting_is_told_with_its_default() -> None:
    for name in ("HOST", "PORT", "WEB_CONCURRENCY", "QUEUE_LIMIT", "VIEWER_LIMIT"):
        assert f"`{name}`" in README
        assert f"`{getattr(settings, name)}`" in README
    sources_of = [p for folder in ("messaging", "pages") for p in sources(folder)]
    used = {
        name
        for path in sources_of
        for name in re.findall(r'(?:environ\.get|_number|_choice)\("(\w+)"', path.read_text())
    }
    assert all(f"`{name}`" in README for name in used)
    assert used >= {"REDIS_URL", "HOST", "PORT", "TRUSTED_HOSTS", "NO_COLOR", "LOG_LEVEL", "LIVE"}


def test_the_size_of_the_code_is_as_told() -> None:
    told = re.search(r"that is ([\d,]+) lines, one long evening", README)
    assert told
    lines = sum(length(p) for folder in ("web", "listeners", "messaging") for p in sources(folder))
    assert abs(int(told[1].replace(",", "")) - lines) <= 5, lines


def test_the_measured_table_is_that_of_the_reference_results() -> None:
    table = re.search(r"reference.json -->\n(.*?)\n<!-- end of it -->", README, re.DOTALL)
    assert table
    assert table[1] == markdown(json.loads(REFERENCE.read_text()))
    assert soak(json.loads(SOAK.read_text())) in README


def test_every_file_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)|src(?:set)?=\"(.*?)\"", README)
    links = [text or picture for text, picture in links]
    assert "web.py" in links
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_status_is_told(web: Web) -> None:
    answers: list[Answer] = [web.ask("/prodcons"), web.ask("/prodcons?count=0")]
    answers.append(web.ask("/prodcons", Sec_Purpose="prefetch"))
    for answer in answers:
        assert str(answer.status) in README


def test_the_bars_are_those_of_the_run_that_is_kept() -> None:
    kept = json.loads((ROOT / "bench" / "results" / "page.json").read_text())
    assert not kept["quick"]
    assert all(bar["is_met"] for bar in kept["bars"])
    rows = [f"| {bar['measured']} | {bar['figure']} | {bar['bar']} |" for bar in kept["bars"]]
    assert "\n".join(rows) in README


def test_requirements_are_three_lines() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert [re.split("[><=]", line)[0] for line in lines] == [
        "flask",
        "redis[hiredis]",
        "gunicorn[gevent]",
    ]
    assert all(">=" in line and ",<" in line for line in lines)
