"""The load of a run follows from its seed, and the producer writes what was planned."""

import math
import time
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.history.files import read_sent
from lab.history.records import ACKNOWLEDGED, REFUSED, digest
from lab.producer import Sending
from lab.producing import Producer
from lab.systems import Ours
from lab.tails import Written
from lab.workloads import POISON, Load
from patterns import COMPARED
from patterns.prodcons import QUEUE
from tests.parts import RedisServer

COUNT = 5_000


def first(load: Load, number: int = COUNT) -> tuple[list[float], list[str]]:
    return [*islice(load.times(), number)], [*islice(load.bodies(), number)]


def test_the_same_seed_gives_the_same_times_and_bodies() -> None:
    assert first(Load(100, seed=7)) == first(Load(100, 50, goes_on=True, seed=7))
    times, bodies = first(Load(100, seed=7))
    others, other_bodies = first(Load(100, seed=8))
    assert not {*times} & {*others}
    assert not {*bodies} & {*other_bodies}


def test_no_body_comes_twice_also_in_probes() -> None:
    bodies = first(Load(seed=7))[1] + first(Load(seed=7, phase="probe"))[1]
    assert len({*bodies}) == 2 * COUNT


def test_the_times_are_random_around_the_rate() -> None:
    times, _ = first(Load(100))
    assert times == sorted(times)
    assert 45 < times[-1] < 55
    gaps = [after - before for before, after in pairwise(times)]
    shares = [sum(gap > seconds for gap in gaps) / len(gaps) for seconds in (0.01, 0.02)]
    assert shares == pytest.approx([math.exp(-1), math.exp(-2)], abs=0.02)


def test_without_a_rate_all_are_due_at_once() -> None:
    assert first(Load(), 3)[0] == [0.0] * 3


def test_the_poison_is_the_one_with_its_number() -> None:
    bodies = first(Load(least=100, poison=50))[1]
    assert [n for n, one in enumerate(bodies, 1) if one.endswith(POISON)] == [50]
    assert Load(least=100, poison=50).poisons() == [bodies[49]]
    assert Load(least=100).poisons() == []


def test_a_size_is_added_to_each_body() -> None:
    assert {len(body) for body in first(Load(size=20_000), 5)[1]} == {20_016}


@given(st.integers(0, 40), st.floats(0, 5), st.integers(1, 9))
def test_what_is_planned_is_what_is_due_by_then_and_the_least_in_any_case(
    least: int, seconds: float, seed: int
) -> None:
    load = Load(20, least, goes_on=True, seed=seed)
    due = sum(at <= seconds for at in first(load, 300)[0])
    assert load.planned(seconds) == max(least, due)
    assert Load(20, least, seed=seed).planned(seconds) == least


@pytest.fixture
def producer(server: RedisServer, tmp_path: Path) -> Iterator[Producer]:
    command = Ours(COMPARED["prodcons"]).producer()
    one = Producer(command, tmp_path, {"REDIS_URL": server.url}, Written(tmp_path))
    yield one
    one.kill()


def test_a_producer_that_is_stopped_in_the_middle_has_written_what_was_planned(
    producer: Producer, redis: Any, tmp_path: Path
) -> None:
    load = Load(rate=300, goes_on=True, seed=7)
    for _ in range(3):  # one load after the other, by the same process
        before = producer.planned
        producer.start(load)
        producer.wait_for(20)
        producer.end()
        sent, unnumbered = read_sent(tmp_path)
        assert not unnumbered
        assert len(sent) == producer.planned == redis.llen(QUEUE) >= before + 20
        times, bodies = first(load, producer.planned - before)
        written = sent[before:]
        assert [one.digest for one in written] == [*map(digest, bodies)]
        assert {one.outcome for one in written} == {ACKNOWLEDGED}
        begun = written[0].meant - times[0]
        assert [one.meant - begun for one in written] == pytest.approx(times, abs=1e-4)
        assert all(one.meant <= one.written + 0.001 <= one.answered + 0.001 for one in written)


def test_what_was_due_before_the_stop_is_sent_though_sending_is_slow() -> None:
    load, written = Load(rate=1000, goes_on=True), list[str]()

    def send(bodies: Sequence[str]) -> dict[str, Any]:
        written.extend(bodies)
        time.sleep(0.05)
        if len(written) > 50 and not sending.lasted:
            sending.stop()
        return {"outcome": REFUSED}

    sending = Sending(load, send, is_direct=True)
    assert sending.run() == load.planned(sending.lasted) == len(written) > 50


def test_it_sends_the_least_before_it_stops(producer: Producer, tmp_path: Path) -> None:
    producer.start(Load(rate=300, least=100, goes_on=True))
    producer.end()
    assert len(read_sent(tmp_path)[0]) == producer.planned == 100


def test_messages_that_are_due_together_go_in_writes_of_a_thousand(
    producer: Producer, tmp_path: Path
) -> None:
    producer.send(Load(least=2_500))
    sent, _ = read_sent(tmp_path)
    assert [one.seq for one in sent] == [*range(1, 2_501)]
    sizes = [sum(one.written == at for one in sent) for at in sorted({o.written for o in sent})]
    assert sizes == [1000, 1000, 500]
