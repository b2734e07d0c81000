"""What a subscriber has not read rests in its connection, and the page says so."""

import signal

from tests.stage import Stage


def test_what_a_frozen_subscriber_has_not_read_is_counted_until_it_reads_it(stage: Stage) -> None:
    frozen = stage.listen("pubsub", "frozen")
    stage.listen("pubsub", "other")
    tab = stage.open()
    tab.shows("pubsub", there="2")
    frozen.gets(signal.SIGSTOP)
    try:
        tab.page.click("#pubsub a >> text=10")
        tab.page.wait_for_selector("#pubsub .wave .unread >> text=10 not received")
        assert not tab.page.is_visible("#pubsub .wave .empty")
        tab.shows("pubsub", sent="10", deliveries="20", received="10", missed="0", unreceived="10")
        assert (
            "20 deliveries, 10 received, 10 not received: unread in a connection, or lost with it"
            in tab.page.inner_text("#pubsub .say")
        )
    finally:
        frozen.gets(signal.SIGCONT)
    tab.shows("pubsub", received="20", unreceived="0")
    tab.page.wait_for_selector("#pubsub .wave .empty >> text=nothing rests here")
    tab.says("pubsub", "10 sent: 2 listeners heard each, 20 deliveries.")
