"""Connections that are cut or go silent, and replies that are lost."""

import time
from functools import partial
from typing import Any

from lab.run import Run
from lab.scenarios.scenario import names, scenario
from starting.process import wait_until
from starting.proxy import Proxy

CUT_OFF = "while cut off"
NOTICED_WITHIN = 12.0  # seconds, after which the words are «noticed never»
A_MESSAGE = b'"seq"'  # part of every reply that contains a message

behind_proxy = partial(scenario, where_client_matters=True, harmless=False)


@scenario("9", "Connections cut", where_client_matters=True, deadline=20)
def cut(run: Run) -> None:
    """All connections are cut (CLIENT KILL) under load, three times: what is lost or repeated?

    Three listeners, 200 messages/s of 2 ms work each.
    """
    run.begin(*names(3), work=0.002)
    run.producer.send(700, 200, wait=False)
    for _ in range(3):
        run.consumers.wait_for_messages(60)
        with run.fault(*names(3), absence=CUT_OFF, lost=3, repeated=6, stops_sender=True):
            run.cut_connections()
    run.probe_again()
    run.producer.send(20, 100)


@behind_proxy("10", "Lost reply to a push", quick_plain=True, in_readme=True)
def lost_push(run: Run) -> None:
    """The reply to one push is lost: is the message stored once, twice, or not at all?

    A proxy between the sender and Redis swallows the reply to one of 60 and cuts the connection.
    Whoever sends again stores it twice; whoever does not cannot know.
    """
    proxy = run.server.proxy(run.pattern.commands.send)
    run.begin(*names(2), sender_proxy=proxy)
    run.producer.send(30, 200)
    with run.fault(stops_sender=True):
        proxy.swallow_reply(run.pattern.commands.send[0].encode())
        run.producer.send(1)  # by itself: who is late sends what is due in one write
    run.producer.send(29, 200)
    check_swallowed(run, proxy)


@behind_proxy("10", "Lost reply to a pop")
def lost_pop(run: Run) -> None:
    """The reply that hands over a message is lost on its way to a listener: who gets the message?

    A proxy swallows one reply with a message in it, and cuts the connection; one listener, 60
    messages.
    """
    take = run.pattern.commands.take[0].encode() if run.pattern.keeps else b""
    lose_reply(run, take, A_MESSAGE, lost=1, where="in the lost reply", repeated=2)


@behind_proxy("10", "Lost reply to an acknowledgement", fits=lambda one: one.commands.acknowledge)
def lost_ack(run: Run) -> None:
    """The reply to an acknowledgement is lost: is the message handled again?

    A proxy swallows the reply to one LREM or XACK, and cuts the connection; one listener, 60
    messages.
    """
    lose_reply(run, run.pattern.commands.acknowledge[0].encode(), repeated=1)


def lose_reply(run: Run, to: bytes, having: bytes = b"", **cost: Any) -> None:
    """Have a proxy swallow a reply to the listener behind it, as `Proxy.swallow_reply` says."""
    proxy = run.server.proxy(run.pattern.commands.take)
    run.begin("listener-1", proxy=proxy)
    run.producer.send(30, 200)
    with run.fault("listener-1", absence=CUT_OFF, **cost):
        proxy.swallow_reply(to, having)
        run.producer.send(30, 200)
    run.probe_again()
    run.producer.send(20, 100)
    check_swallowed(run, proxy)


def check_swallowed(run: Run, proxy: Proxy) -> None:
    run.must(lambda: proxy.swallowed, "No such reply was seen, so none was lost.", 0)


@behind_proxy("11", "Half open")
def half_open(run: Run) -> None:
    """A line goes silent without being closed: how long until each end notices?

    First the listener’s, then the sender’s, each behind a proxy that stops forwarding; new
    connections work. Who has not noticed within twelve seconds is said never to.
    """
    to_sender = run.server.proxy(run.pattern.commands.send)
    to_listener = run.server.proxy(run.pattern.commands.take)
    run.begin("listener-1", proxy=to_listener, sender_proxy=to_sender)
    run.producer.send(20, 100)
    with run.fault("listener-1", absence=CUT_OFF, lost=1, where="on the silent line", repeated=2):
        silence(run, "listener", to_listener, 20)
    run.probe_again()
    with run.fault(stops_sender=True):
        silence(run, "sender", to_sender, 5)
        run.producer.wait()
    run.producer.send(20, 100)


def silence(run: Run, who: str, proxy: Proxy, count: int) -> None:
    """Let the line of this end go silent, send on, and note how long it takes to hang up."""
    proxy.go_silent()
    silent = time.time()
    run.producer.send(count, 100, wait=False)
    noticed = wait_until(lambda: proxy.noticed, NOTICED_WITHIN)
    run.must(lambda: proxy.withheld, f"The line of the {who} did not go silent.", 0)
    if noticed is None:
        run.notes.findings.append(f"{who} noticed never")
    else:
        run.notes.findings.append(f"{who} noticed after {noticed - silent:.1f} s")
        run.notes.figures[f"noticed_{who}_s"] = round(noticed - silent, 2)
