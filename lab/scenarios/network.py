"""Connections that are cut or go silent, and replies that are lost."""

import time
from contextlib import suppress

from redis import RedisError

from lab.crew import ports_of
from lab.run import Run
from lab.scenarios.scenario import after_fault, in_peace, names, on_wire
from lab.verdict import Allowed
from starting.proxy import Proxy
from starting.waiting import wait_until

CUT_OFF = "while cut off"
NOTICED_WITHIN = 12.0  # seconds, after which the words are «noticed never»
A_MESSAGE = b'"seq"'  # part of every reply that contains a message


def cut(run: Run) -> Allowed:
    """All connections are cut (CLIENT KILL) under load, three times: what is lost or repeated?

    Three listeners, 200 messages/s of 2 ms work each.
    """
    cuts = 3
    run.begin(names(3), work=0.002)
    run.send(700, 200, wait=False)
    for _ in range(cuts):
        run.wait_for_lines(60)
        run.note_absence()
        cut_connections(run)
    run.wait_until_sent()
    run.probe(again=True)
    run.send(20, 100)
    run.drain(20)
    hands = 3 * cuts
    return after_fault(run, hands, "in hand", again=2 * hands, absence=CUT_OFF)


def cut_connections(run: Run) -> None:
    """CLIENT KILL the connections of the listeners and the producer, and no others."""
    theirs, clients = ports_of(*run.listeners.values(), run.producer()), run.clients()
    for port in theirs & clients.keys():
        with suppress(RedisError):  # it has gone by itself
            run.redis.client_kill(clients[port])


def lost_push(run: Run) -> Allowed:
    """The reply to one push is lost: is the message stored once, twice, or not at all?

    A proxy between the sender and Redis swallows the reply to one of 60 and cuts the connection.
    Whoever sends again stores it twice; whoever does not cannot know.
    """
    run.serve()
    proxy = run.proxy(on_wire(run.pattern.commands.send))
    run.producer(proxy)
    run.listen(*names(2))
    run.probe()
    run.send(30, 200)
    proxy.swallow_reply(on_wire(run.pattern.commands.send))
    run.send(1)  # by itself: who is late sends what is due in one write
    run.send(29, 200)
    run.drain()
    check_swallowed(run, proxy.swallowed)
    return in_peace(run)


def lost_pop(run: Run) -> Allowed:
    """The reply that hands over a message is lost on its way to a listener: who gets the message?

    A proxy swallows one reply with a message in it, and cuts the connection; one listener, 60
    messages.
    """
    proxy = listen_behind_proxy(run)
    run.note_absence()
    proxy.swallow_reply(on_wire(run.pattern.commands.take) if run.pattern.keeps else b"", A_MESSAGE)
    run.send(30, 200, wait=False)
    run.wait_until_sent()
    run.probe(again=True)
    run.send(20, 100)
    run.drain()
    check_swallowed(run, proxy.swallowed)
    return after_fault(run, in_hand=1, why="in the lost reply", again=2, absence=CUT_OFF)


def lost_ack(run: Run) -> Allowed:
    """The reply to an acknowledgement is lost: is the message handled again?

    A proxy swallows the reply to one LREM or XACK, and cuts the connection; one listener, 60
    messages.
    """
    proxy = listen_behind_proxy(run)
    proxy.swallow_reply(on_wire(run.pattern.commands.acknowledge))
    run.send(30, 200)
    run.send(20, 100)
    run.drain()
    check_swallowed(run, proxy.swallowed)
    return Allowed(duplicated=1, backwards=True)


def listen_behind_proxy(run: Run) -> Proxy:
    """Start one listener behind a proxy, and send it 30 messages."""
    run.serve()
    proxy = run.proxy(on_wire(run.pattern.commands.take))
    run.listen("listener-1", proxy=proxy)
    run.probe()
    run.send(30, 200)
    return proxy


def check_swallowed(run: Run, when: float | None) -> None:
    if when is None:
        run.more.append("The fault did not happen: no such reply was seen.")


def half_open(run: Run) -> Allowed:
    """A line goes silent without being closed: how long until each end notices?

    First the listener’s, then the sender’s, each behind a proxy that stops forwarding; new
    connections work. Who has not noticed within twelve seconds is said never to.
    """
    run.serve()
    commands = run.pattern.commands
    ways_in, ways_out = run.proxy(on_wire(commands.send)), run.proxy(on_wire(commands.take))
    run.producer(ways_in)
    run.listen("listener-1", proxy=ways_out)
    run.probe()
    run.send(20, 100)
    ways_out.go_silent()
    silent = time.time()
    run.note_absence()
    run.send(20, 100)
    wait_until(lambda: ways_out.noticed is not None, NOTICED_WITHIN)
    note(run, "noticed_listener_s", ways_out.noticed, silent)
    run.probe(again=True)
    ways_in.go_silent()
    silent = time.time()
    run.send(5, 100, wait=False)
    wait_until(lambda: ways_in.noticed is not None, NOTICED_WITHIN)
    note(run, "noticed_sender_s", ways_in.noticed, silent)
    run.wait_until_sent()
    run.send(20, 100)
    run.drain()
    return after_fault(run, in_hand=1, why="on the silent line", again=2, absence=CUT_OFF)


def note(run: Run, name: str, noticed: float | None, silent: float) -> None:
    """Record how long after the silence began an end hung up, if it did."""
    if noticed is not None:
        run.facts[name] = round(noticed - silent, 2)
    who = "listener" if "listener" in name else "sender"
    seconds = f"after {noticed - silent:.1f} s" if noticed is not None else "never"
    run.words += f"{', ' if run.words else ''}{who} noticed {seconds}"
