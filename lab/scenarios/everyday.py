"""Listeners that come, go and are slow; the order of a backlog; many messages at once."""

from dataclasses import replace

from lab.faults.processes import Joined, Stopped
from lab.job import Settings
from lab.scenario import Scenario, listeners
from lab.systems import Listener
from lab.workloads import Load
from patterns.declaration.pattern import Pattern

ONE, THREE = ([one.name for one in listeners(count)] for count in (1, 3))


def steady_load(settings: Settings, _: Pattern) -> Load:
    rate = settings.rate or 200
    return Load(rate, int(rate * (1.5 if settings.quick else 5)))


def burst_load(settings: Settings, _: Pattern) -> Load:
    return Load(least=5_000 if settings.quick else 10_000 if settings.url else 100_000)


STEADY = Scenario(
    "steady",
    "1",
    "Steady",
    "Three listeners, a fixed rate: does each message arrive, once, in order, and how soon?",
    "200 messages/s for five seconds, or at the rate that was asked for.",
    listeners(3),
    steady_load,
    alone=True,
    answer=("delay_p50_ms", "delay {} ms", 1),
)
NOBODY = Scenario(
    "nobody",
    "2",
    "Nobody there",
    "Nobody is there: what becomes of what is sent before any listener starts?",
    "Three listeners were there once and stopped; at least 300 messages are sent, then they start "
    "again.",
    listeners(3),
    lambda *_: Load(300),
    lambda *_: [Stopped(THREE, messages=300, is_calm=True)],
    in_readme=True,
    sees_enough=True,
)
LATE = Scenario(
    "late",
    "3",
    "Late",
    "A listener joins in the middle: what does it get of what was sent before and after?",
    "One listener is there; after 200 messages at 200/s a second one comes. It is owed what is "
    "sent from then on.",
    listeners(1),
    lambda *_: Load(200),
    lambda *_: [Joined(["late"])],
    sees_enough=True,
    is_quick=False,
)
DEPLOY = Scenario(
    "deploy",
    "5",
    "Deploy",
    "Every listener is restarted in turn with SIGTERM under load: is anything lost or repeated?",
    "Three listeners, 200 messages/s; each is stopped as a deployment would and started again.",
    listeners(3),
    lambda *_: Load(200),
    lambda *_: [Stopped([name]) for name in THREE],
    sees_enough=True,
)
SLOW = Scenario(
    "slow",
    "6",
    "Slow",
    "One of three listeners takes 50 ms a message: who waits for it?",
    "100 messages/s for two and a half seconds, more than the slow one bears alone.",
    [Listener("slow", work=0.05), *listeners(2)],
    lambda settings, _: Load(100, 100 if settings.quick else 250),
    alone=True,
    answer=("delay_max_ms", "delay at most {} ms", 1),
    deadline=40,
    is_quick=False,
)
ORDER_ONE = Scenario(
    "order-one",
    "12",
    "Order, one listener",
    "A backlog of 100: in which order does it come out, with one listener?",
    "The listener is stopped while at least so many are sent, and started again.",
    listeners(1),
    lambda *_: Load(300),
    lambda *_: [Stopped(ONE, messages=100, is_calm=True)],
    fits=lambda one: one.keeps,
    tells_order=True,
    in_readme=True,
    sees_enough=True,
)
ORDER_THREE = replace(
    ORDER_ONE,
    name="order-three",
    title="Order, three listeners",
    question="A backlog of 100: in which order does it come out, with three listeners?",
    about="They are stopped while the messages are sent, and started together.",
    listeners=listeners(3),
    faults=lambda *_: [Stopped(THREE, messages=100, is_calm=True)],
    is_quick=False,
    in_readme=False,
)
BURST = Scenario(
    "burst",
    "13",
    "Burst",
    "Many messages at once: how long until three listeners have drained them?",
    "100,000, in writes of 1,000; with --quick 5,000, on a Redis of others 10,000.",
    listeners(3),
    burst_load,
    alone=True,
    answer=("delay_max_ms", "drained in {} s", 1000),
    deadline=90,
)
