"""Work is asked for over HTTP: what is taken, what is refused, what is answered."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from tests.asked import FORM, JSON, ended, post, told
from tests.parts import Web
from tests.processes import Process

Start = Callable[..., Any]
WORKER = [sys.executable, "jobs/worker.py"]


def test_a_program_asks_and_learns_the_outcome(web: Web, start: Start) -> None:
    answer = post(web, "/jobs/list/wait", '{"seconds": 0.05}', Content_Type=JSON)
    assert answer.status == 202
    (piece,) = answer.json()["pieces"]
    assert answer.headers["Location"] == piece["url"] == f"/jobs/{piece['id']}"
    assert piece["state"] == told(web, piece["url"])["state"] == "PENDING"
    worker = start(Process, WORKER)
    found = ended(web, piece["url"])
    assert (found["way"], found["task"], found["state"]) == ("list", "wait", "SUCCESS")
    assert (found["arguments"], found["outcome"], found["why"]) == (
        {"seconds": 0.05},
        "Waited 0.05 s.",
        "",
    )
    assert found["asked"] < found["answered"] < found["started"] < found["ended"]
    assert found["ended"] - found["started"] >= 0.05
    assert found["worker"].startswith(f"worker-{worker.popen.pid}-")
    assert (found["tries"], found["due"]) == (1, None)


def test_in_the_request_five_wait_at_the_same_time_for_all(web: Web) -> None:
    answer = post(web, "/jobs/inline/wait", "seconds=0.2&count=5")
    assert answer.status == 200
    assert answer.json()["sentence"].endswith("5 done.")
    found = [told(web, one["url"]) for one in answer.json()["pieces"]]
    assert {one["state"] for one in found} == {"SUCCESS"}
    assert max(one["started"] for one in found) < min(one["ended"] for one in found)
    assert all(one["answered"] >= one["ended"] for one in found)


def test_a_browser_is_led_back(web: Web) -> None:
    path = "/jobs/inline/fail?left=pool&right=inline"
    answer = post(web, path, "reason=No.", Accept="text/html")
    assert answer.status == 303
    assert answer.headers["Location"] == "/jobs?left=pool&right=inline&task=fail#right"
    page = web.ask("/jobs?left=pool&right=inline&task=fail").text
    assert "1 failed" in page
    assert 'name="reason"' in page


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/jobs/nobody/wait", "", "There is no way «nobody»"),
        ("/jobs/list/nothing", "", "There is no task «nothing»"),
        ("/jobs/list/wait", "seconds=61", "seconds: a number from 0 to 60."),
        ("/jobs/list/wait", "minutes=1", "wait has no argument «minutes»"),
        ("/jobs/list/wait", "seconds=1&seconds=2", "seconds is given twice."),
        ("/jobs/list/wait", "seconds=%ff", "not UTF-8"),
        ("/jobs/list/wait", "count=0", "count: a whole number from 1 to 10."),
        ("/jobs/list/wait", "count=11", "count: a whole number from 1 to 10."),
        ("/jobs/list/wait?count=1.5", "", "count: a whole number from 1 to 10."),
        ("/jobs/list/wait", "in=soon", "in: a number from 0 to 1,200."),
        ("/jobs/list/wait?in=4000", "", "in: a number from 0 to 1,200."),
        ("/jobs/inline/wait?in=1", "", "inline cannot do a piece later"),
        ("/jobs/list/wait", "[1]", "JSON has the arguments by their names"),
        ("/jobs/list/wait", '{"count": true}', "count: a whole number from 1 to 10."),
        ("/jobs/list/wait", '{"seconds": [2]}', "seconds: a number from 0 to 60."),
        ("/jobs/list/wait", '{"seconds": ', "JSON has the arguments by"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    path: str, body: str, says: str, web: Web, redis: Redis
) -> None:
    kind = JSON if body[:1] in ("[", "{") else FORM
    answer = post(web, path, body, Content_Type=kind)
    assert answer.status == 400
    assert says in answer.json()["error"]
    assert not redis.keys("task:jobs:piece:*")


def test_only_a_form_or_json_of_this_site_is_taken(web: Web, redis: Redis) -> None:
    assert post(web, "/jobs/list/wait", "x", Content_Type="text/plain").status == 415
    for path in ("/jobs/list/wait", "/jobs/list/forget", "/jobs/x/forget"):
        assert post(web, path, Sec_Fetch_Site="cross-site").status == 403
        assert post(web, path, Origin="http://elsewhere.example").status == 403
        assert web.ask(path).status == web.ask(path, "HEAD").status == 405
    assert web.ask("/jobs/x", "DELETE", Sec_Fetch_Site="cross-site").status == 403
    assert not redis.keys("task:jobs:piece:*")


def test_a_full_pool_is_said_to_be_full(own_web: Web) -> None:
    for _ in range(2):
        assert post(own_web, "/jobs/pool/wait", "seconds=60&count=9").status == 202
    some = post(own_web, "/jobs/pool/wait", "seconds=60&count=5")
    none = post(own_web, "/jobs/pool/wait", "seconds=60")
    assert some.status == none.status == 503
    assert some.headers["Retry-After"] == none.headers["Retry-After"] == "1"
    assert some.json()["error"].endswith("waiting are all that it takes. 2 of 5 were taken.")
    assert none.json()["error"].endswith("waiting are all that it takes.")
