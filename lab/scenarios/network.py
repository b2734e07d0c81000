"""Connections that are cut, and replies that are lost."""

from lab.faults import cut_connections
from lab.run import Run
from lab.scenarios.scenario import Scenario, after_fault, in_peace, names, on_wire
from lab.verdict import Allowed
from starting.proxy import Proxy

CUT_OFF = "while cut off"
A_MESSAGE = b'"seq"'  # is in every reply that hands one over


def cut(run: Run) -> Allowed:
    """All connections are cut (CLIENT KILL) under load, three times: what is lost or repeated?

    Three listeners, 200 messages/s of 2 ms work each.
    """
    cuts = 3
    run.serve()
    run.listen(*names(3), work=0.002)
    run.probe()
    run.send(700, 200, wait=False)
    for _ in range(cuts):
        run.wait_for_lines(60)
        run.goes_away()
        cut_connections(run)
    run.wait_until_sent()
    run.probe(again=True)
    run.send(20, 100)
    run.drain(20)
    hands = 3 * cuts
    return after_fault(run, hands, "in hand", again=2 * hands, absence=CUT_OFF)


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
    run.goes_away()
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
    """One listener, which has received 30 messages through the proxy."""
    run.serve()
    proxy = run.proxy(on_wire(run.pattern.commands.take))
    run.listen("listener-1", proxy=proxy)
    run.probe()
    run.send(30, 200)
    return proxy


def check_swallowed(run: Run, when: float | None) -> None:
    if when is None:
        run.more.append("The fault did not happen: no such reply was seen.")


SCENARIOS = (
    Scenario("cut", "9", "Connections cut", cut, client_matters=True),
    Scenario(
        "lost-push", "10", "Lost reply to a push", lost_push, client_matters=True, harmless=False
    ),
    Scenario(
        "lost-pop", "10", "Lost reply to a pop", lost_pop, client_matters=True, harmless=False
    ),
    Scenario(
        "lost-ack",
        "10",
        "Lost reply to an acknowledgement",
        lost_ack,
        fits=lambda pattern: pattern.redelivers,
        client_matters=True,
        harmless=False,
    ),
)
