"""What the page sends is numbered 1, 2, 3 … on each side; whoever else sends, sends digits."""

import re

import pytest
from redis import Redis

from tests.browser import Tab
from tests.parts import RedisServer, Web
from tests.places import KEEPING, all_kept, each_pattern, kept_messages
from tests.processes import eventually
from tests.stage import Stage
from tests.test_form import FORM, bodies, post

NUMBERED = "first is a number from 1 to 1,000,000,000, in digits from 0 to 9."


@pytest.mark.parametrize("name", KEEPING)
def test_a_link_may_number_what_it_sends(name: str, web: Web, redis: Redis) -> None:
    web.send(f"/{name}?count=10&first=17")
    assert bodies(redis, name) == [str(number) for number in range(17, 27)]


def test_the_largest_number_is_sent(web: Web, redis: Redis) -> None:
    web.send("/prodcons?first=1000000000")
    assert post(web, "first=7&count=2").status == 200
    assert bodies(redis) == ["1000000000", "7", "8"]


@each_pattern
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        *((f"first={first}", NUMBERED) for first in ("0", "1000000001", "x", "-1", "", "%D9%A3")),
        ("first=1&body=", "first numbers the messages, and body gives all the same text"),
        ("first=1&first=2", "first is given twice."),
        ("first=%ff", "first is not UTF-8."),
        ("first=1&count=0", "count is a number from 1 to 10,000"),
    ],
)
def test_a_bad_number_is_said_and_nothing_is_sent(
    name: str, query: str, sentence: str, web: Web, redis: Redis
) -> None:
    answer = web.ask(f"/{name}?{query}", Accept="application/json")
    assert answer.status == 400
    assert sentence in answer.json()["error"]
    assert not any(all_kept(redis).values())


def test_without_a_number_it_is_a_digit_at_random(web: Web, redis: Redis) -> None:
    page = web.ask("/").text
    for link in re.findall(r'href="(/prodcons[^"]*)" rel="nofollow"', page):
        assert "first" not in link
    web.send("/prodcons?count=1000")
    assert {*bodies(redis)} == {*"0123456789"}
    assert web.ask("/prodcons", "POST", "count=1", Content_Type=FORM).status == 303


def waiting(stage: Stage) -> list[str]:
    """The bodies on the queue of the stage, in the order of sending."""
    with Redis.from_url(stage.server.url) as redis:
        return bodies(redis)


def sends(tab: Tab, pattern: str, sent: str, link: str) -> None:
    tab.page.click(f"#{pattern} .send a >> text=/^{link} by/")
    tab.shows(pattern, sent=sent)


def test_each_side_counts_and_a_reset_begins_again(stage: Stage) -> None:
    tab = stage.open()
    sends(tab, "prodcons", "1", "Send one")
    sends(tab, "prodcons", "11", "Send 10")
    tab.page.fill("#prodcons input", "mine")
    tab.page.click("#prodcons form button")
    tab.shows("prodcons", sent="12")
    tab.page.reload()
    tab.is_live()
    sends(tab, "prodcons", "13", "Send one")
    first = [str(number) for number in range(1, 12)]
    assert waiting(stage) == [*first, "mine", "12"]
    tab.page.click("#reset button")
    tab.shows("prodcons", sent="0")
    sends(tab, "prodcons", "1", "Send one")
    assert waiting(stage) == [*first, "mine", "12", "1"]


def test_what_both_sides_get_has_the_same_number(stage: Stage) -> None:
    heard = stage.listen("pubsub", "ear")
    tab = stage.open()
    tab.shows("pubsub", there="1")
    sends(tab, "prodcons", "1", "Send one")
    tab.page.click("#play >> text=Send one to both")
    tab.shows("prodcons", sent="2")
    tab.page.click("#play >> text=10 to both")
    tab.shows("prodcons", sent="12")
    tab.shows("pubsub", sent="11", received="11")
    both = [str(number) for number in range(2, 13)]
    assert waiting(stage) == ["1", *both]
    told = heard.receives(11)
    assert [one["body"] for one in told] == both
    with Redis.from_url(stage.server.url) as redis:
        pushed = {one.body: one.sent for one in kept_messages(redis, "prodcons")}
    apart = [abs(one["sent"] - pushed[one["body"]]) for one in told]
    assert max(apart) < 0.5


def test_what_was_not_sent_leaves_no_gap(stage: Stage, tmp_path: object) -> None:
    tab = stage.open()
    sends(tab, "prodcons", "1", "Send one")
    stage.server.kill()
    tab.page.wait_for_selector("body.away")
    for _ in range(2):
        with tab.page.expect_response("**/prodcons*"):
            tab.page.click("#prodcons .one")
        tab.page.wait_for_selector("#prodcons .last.trouble >> text=/^Nothing was sent. /")
    tab.errors.clear()  # the browser notes the 503
    stage.start(RedisServer, stage.server.port, tmp_path)
    tab.is_live()
    tab.page.click("#prodcons .one")
    tab.page.wait_for_selector("#prodcons .last:not(.trouble)")
    eventually(lambda: waiting(stage) == ["2"])
