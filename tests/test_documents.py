"""What README.md and docs/ say is so: fields, settings, tables, links, statuses, bars."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from messaging import settings
from messaging.message import Message
from patterns.pubsub import CHANNEL
from tests.documents import DOCUMENTS, MADE, blocks
from tests.parts import Answer, Listener, Web
from tests.processes import ROOT, eventually
from tests.test_structure import sources

Start = Callable[..., Any]

# Run by other tests, under the name that is given here.


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
    sources_of = [p for folder in ("messaging", "pages", "jobs") for p in sources(folder)]
    used = {
        name
        for path in sources_of
        for name in re.findall(r'(?:environ\.get|_number)\("([A-Z_]+)"', path.read_text())
    }
    used.discard("TERM")  # which a terminal sets
    assert all(f"`{name}`" in told for name in used)
    assert used >= {"REDIS_URL", "HOST", "PORT", "TRUSTED_HOSTS", "NO_COLOR", "LOG_LEVEL", "LIVE"}


@pytest.mark.parametrize(("command", "table"), MADE)
def test_every_table_is_what_its_command_makes(command: str, table: str) -> None:
    words = [sys.executable, *command.split()[1:]]
    made = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert table == made


def test_the_measured_tables_are_there() -> None:
    assert "<!-- made by python -m lab.report.table short -->" in DOCUMENTS["README.md"]
    assert "<!-- made by python -m attack.table short -->" in DOCUMENTS["README.md"]
    assert "<!-- made by python -m attack.table -->" in DOCUMENTS["docs/attack.md"]
    assert "<!-- made by python -m lab.report.table -->" in DOCUMENTS["docs/measure.md"]
    assert "<!-- made by python -m pages.compare.cost short -->" in DOCUMENTS["README.md"]
    assert "<!-- made by python -m pages.compare.cost -->" in DOCUMENTS["docs/measure.md"]
    for name in ("README.md", "docs/jobs.md"):
        assert "<!-- made by python -m bench.ways_table -->" in DOCUMENTS[name]
        assert "<!-- made by python -m bench.ways_table pools -->" in DOCUMENTS[name]
    assert "<!-- made by python -m tests.pattern_tables -->" in DOCUMENTS["docs/patterns.md"]


def test_the_readme_is_short_and_leads_to_every_other_document() -> None:
    readme = DOCUMENTS["README.md"]
    assert len(readme.splitlines()) < 190
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
