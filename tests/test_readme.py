"""What README.md and docs/ say is so: every command in them is there and does what they say."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from messaging import settings
from messaging.message import Message
from patterns.pubsub import CHANNEL
from patterns.stream import STREAM
from tests.documents import COMMANDS, DOCUMENTS, MADE, TEXT, blocks
from tests.parts import Answer, Demo, Listener, RedisServer, Web
from tests.processes import ROOT, Process, eventually
from tests.test_structure import sources

Start = Callable[..., Any]

# Run by other tests, under the name that is given here.
RUN_ELSEWHERE = {
    "./scripts/demo": "test_the_demo_shows_both_patterns",
    "./scripts/test": "",  # it is what runs this
    "./scripts/siege prodcons": "test_the_script_starts_listeners_of_its_own",
    "./scripts/siege pubsub -c20 -r10": "test_the_script_starts_listeners_of_its_own",
    "./scripts/attack": "",  # its run is kept, and made into a table
    "./scripts/attack --short": "test_nothing_comes_that_is_not_to_come",
    "./scripts/compare --quick": "",  # CI runs it after the tests
    "./scripts/compare": "test_200_kills_lose_nothing",
    "gunicorn web:app": "def web(",
    "python web.py": "test_the_first_look_needs_no_gunicorn",
    "python3 -m venv .venv": "./scripts/demo",
    ". .venv/bin/activate": "./scripts/demo",
    "pip install -r requirements.txt": "./scripts/demo",
}
LISTENERS = {c for c in COMMANDS if c.startswith(("python listeners/", "python -m listeners."))}
CURL = {command for command in COMMANDS if command.startswith("curl ")}
COMPARE = {command for command in COMMANDS if "--listener" in command}  # in test_own_listener
REDIS_CLI = {command for command in COMMANDS if command.startswith("redis-cli ")}
SENDS = {c for c in REDIS_CLI if c in DOCUMENTS["docs/send.md"]}
DEAD_LETTERS = {c for c in REDIS_CLI if ":dead" in c}
GROUPS = {c for c in REDIS_CLI if "GROUP" in c}


def test_every_command_is_known() -> None:
    run_here = LISTENERS | CURL | COMPARE | SENDS | DEAD_LETTERS | GROUPS
    assert run_here | set(RUN_ELSEWHERE) == COMMANDS
    tests = "".join(path.read_text() for path in (ROOT / "tests").glob("*.py"))
    for test in RUN_ELSEWHERE.values():
        assert test in tests
    for script in re.findall(r"\./scripts/\w+", TEXT):
        assert (ROOT / script).stat().st_mode & 0o111
    assert "./scripts/watch stop" in TEXT


@pytest.mark.parametrize("command", sorted(LISTENERS))
def test_every_listener_command_listens(command: str, start: Start) -> None:
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


@pytest.mark.parametrize("command", sorted(CURL))
def test_every_curl_command_does_what_it_says(command: str, web: Web) -> None:
    for host in ("127.0.0.1:5000", "192.168.1.7:5000"):
        command = command.replace(host, web.host)
    stream = "-N" in command
    said = subprocess.run(
        ["sh", "-c", f"{command} -sS -f{' -m 1' if stream else ''}"],
        capture_output=True,
        text=True,
        check=not stream,
    ).stdout
    if "/reset" in command:
        assert 'href="/?reset=' in said
    elif stream:
        assert said.startswith("retry: 1000\n\nevent: snapshot\ndata: {")
    elif "/status" in command:
        assert json.loads(said)["redis"] == "up"
    else:
        assert "Last click" in said or json.loads(said)["outcome"] == "sent"


def redis_cli(command: str, server: RedisServer) -> str:
    """What it prints, about the tests' Redis; redis-cli may be the one beside this Python."""
    path = {"PATH": f"{os.environ['PATH']}:{Path(sys.executable).parent}"}
    command = command.replace("redis-cli", f"redis-cli -p {server.port}")
    words = ["sh", "-c", command]
    return subprocess.run(
        words, env=os.environ | path, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("command", sorted(SENDS))
def test_what_redis_cli_sends_is_received(command: str, start: Start, server: RedisServer) -> None:
    (pattern,) = re.findall(r"task:(\w+):", command)
    listener = start(Listener, pattern)
    redis_cli(command, server)
    assert listener.receives(1)[0]["body"] == "7"


@pytest.mark.parametrize("pattern", ["reliable", "stream"])
def test_dead_letters_are_shown_and_tried_again(
    pattern: str, start: Start, server: RedisServer, redis: Redis
) -> None:
    key = f"task:{pattern}:dead"
    show, retry = sorted((c for c in DEAD_LETTERS if key in c), key=lambda c: "LRANGE" not in c)
    redis.lpush(key, "the oldest", "another")
    assert redis_cli(show, server).split("\n")[:2] == ["another", "the oldest"]
    redis_cli(retry, server)
    assert redis.lrange(key, 0, -1) == [b"another"]
    assert start(Listener, pattern).receives(1)[0]["body"] == "the oldest"


def test_a_group_that_nobody_needs_is_removed_with_its_messages(
    start: Start, server: RedisServer, redis: Redis
) -> None:
    show, destroy = sorted(GROUPS, key=lambda command: "DESTROY" in command)
    group = destroy.split()[-1]
    redis.xgroup_create(STREAM, group, mkstream=True)
    listener = start(Listener, "stream")
    redis.xadd(STREAM, {"line": "7"})
    listener.receives(1)
    assert redis.xlen(STREAM) == 1
    last = start(Listener, "stream", "--group", group)
    last.receives(1)
    eventually(lambda: redis.xlen(STREAM) == 0)
    last.stop()
    assert group in redis_cli(show, server)
    redis_cli(destroy, server)
    assert group not in redis_cli(show, server)


def test_the_demo_starts_the_patterns_that_are_named(demo: Callable[..., Demo]) -> None:
    command = "./scripts/demo reliable stream"
    assert f"`{command}`" in TEXT
    one = demo(command.split(), WEB_CONCURRENCY="1")
    one.says(f"Open http://127.0.0.1:{one.port}/?left=reliable&right=stream and click.", 30)
    for pattern in ("reliable", "stream"):
        eventually(lambda at=f"Listening to task:{pattern}:": one.text.count(at) == 2)  # type: ignore[misc]
        one.click(f"{pattern}?body=by-{pattern}")
        one.says(f"ms  by-{pattern}")
    one.stop()


def test_every_field_of_the_status_is_told(web: Web, start: Start) -> None:
    start(Listener, "prodcons")
    # Each of the two processes learns of it in its own time.
    eventually(lambda: all(web.figures("prodcons")["there"] for _ in range(20)))
    status = web.status()
    fields = {*status, *(field for told in status["patterns"].values() for field in told)}
    fields |= status["patterns"]["prodcons"]["listeners"][0].keys()
    assert fields <= set(re.findall(r"`(\w+)`", DOCUMENTS["docs/watch.md"]))


def test_the_json_is_as_told(web: Web, start: Start, redis: Redis) -> None:
    gap, answer, line = (json.loads(block) for block in blocks("json"))
    sent = web.send("/prodcons")
    assert list(answer) == list(sent)
    assert set(sent) - {"length"} | {"subscribers"} == set(web.send("/pubsub"))
    for field in {*sent, "subscribers"}:
        assert f"`{field}`" in DOCUMENTS["docs/send.md"]
    assert json.loads(Message.decode(json.dumps(line).encode()).encode()) == line
    listener = start(Listener, "pubsub")
    for seq in (gap["first"] - 1, gap["last"] + 1):
        redis.publish(CHANNEL, json.dumps(line | {"from": gap["from"], "seq": seq}))
    for field in listener.receives(2)[0]:
        assert f"`{field}`" in DOCUMENTS["docs/listen.md"]
    assert listener.missed() == [gap]


def test_every_setting_is_told_with_its_default() -> None:
    told = DOCUMENTS["docs/settings.md"]
    for name in ("HOST", "PORT", "WEB_CONCURRENCY", "QUEUE_LIMIT", "VIEWER_LIMIT"):
        assert f"`{name}`" in told
        assert f"`{getattr(settings, name)}`" in told
    sources_of = [p for folder in ("messaging", "pages") for p in sources(folder)]
    used = {
        name
        for path in sources_of
        for name in re.findall(r'(?:environ\.get|_number)\("(\w+)"', path.read_text())
    }
    assert all(f"`{name}`" in told for name in used)
    assert used >= {"REDIS_URL", "HOST", "PORT", "TRUSTED_HOSTS", "NO_COLOR", "LOG_LEVEL", "LIVE"}


@pytest.mark.parametrize(("command", "table"), MADE)
def test_every_table_is_what_its_command_makes(command: str, table: str) -> None:
    words = [sys.executable, *command.split()[1:]]
    made = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert table == made


def test_the_measured_tables_are_there() -> None:
    assert "<!-- made by python -m lab.table short -->" in DOCUMENTS["README.md"]
    assert "<!-- made by python -m attack.table short -->" in DOCUMENTS["README.md"]
    assert "<!-- made by python -m attack.table -->" in DOCUMENTS["docs/attack.md"]
    assert "<!-- made by python -m lab.table -->" in DOCUMENTS["docs/measure.md"]
    assert "<!-- made by python -m tests.pattern_tables -->" in DOCUMENTS["docs/patterns.md"]


def test_the_readme_is_short_and_leads_to_every_other_document() -> None:
    readme = DOCUMENTS["README.md"]
    assert len(readme.splitlines()) < 150
    for name in DOCUMENTS:
        assert name == "README.md" or f"]({name})" in readme


def anchors(text: str) -> set[str]:
    """Where a link into a document may lead: its headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_everything_it_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\(((?!http)[^)]+)\)|src(?:set)?=\"(.*?)\"", DOCUMENTS[name])
    for text, picture in links:
        file, _, anchor = (text or picture).partition("#")
        path = (ROOT / name).parent / file if file else ROOT / name
        assert path.exists(), text
        assert not anchor or anchor in anchors(path.read_text()), text
    if name == "README.md":
        assert ("web.py", "") in links


def test_every_status_is_told(web: Web) -> None:
    answers: list[Answer] = [web.ask("/prodcons"), web.ask("/prodcons?count=0")]
    answers.append(web.ask("/prodcons", Sec_Purpose="prefetch"))
    for answer in answers:
        assert str(answer.status) in DOCUMENTS["docs/send.md"]


def test_the_bars_are_those_of_the_run_that_is_kept() -> None:
    kept = json.loads((ROOT / "bench" / "results" / "page.json").read_text())
    assert not kept["quick"]
    assert all(bar["is_met"] for bar in kept["bars"])
    rows = [f"| {bar['measured']} | {bar['figure']} | {bar['bar']} |" for bar in kept["bars"]]
    assert "\n".join(rows) in DOCUMENTS["docs/operate.md"]


def test_requirements_are_three_lines() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert [re.split("[><=]", line)[0] for line in lines] == [
        "flask",
        "redis[hiredis]",
        "gunicorn[gevent]",
    ]
    assert all(">=" in line and ",<" in line for line in lines)
