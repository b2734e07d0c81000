"""What Redis loses in a power cut is what it had not synced: always, each second, and never."""

import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis import Redis, RedisError

from starting.disk import Cut, PowerCutDisk
from starting.parts import RedisServer
from starting.ports import free_port
from tests.processes import eventually

WITHIN = 8  # seconds; Redis syncs each second


@dataclass(frozen=True)
class Written:
    """A number that Redis has acknowledged."""

    number: int
    sent: float
    acknowledged: float


class Machine:
    """A Redis on a disk, one client that writes numbers, and the power of both."""

    def __init__(self, start: Callable[..., Any], disk: PowerCutDisk, policy: str) -> None:
        self.disk, self.written = disk, list[Written]()
        self._start, self._aof = start, ("--appendonly", "yes", "--appendfsync", policy)
        self.power_up()

    def power_up(self) -> None:
        self.server: RedisServer = self._start(
            RedisServer, free_port(), self.disk.mountpoint, *self._aof
        )
        self.redis = Redis.from_url(self.server.url)

    def write(self) -> None:
        sent, number = time.time(), len(self.written)
        self.redis.rpush("numbers", number)
        self.written.append(Written(number, sent, time.time()))

    def writes_until(self, condition: Callable[[], object]) -> None:
        """Write about a hundred numbers a second until this holds."""

        def has_come() -> bool:
            self.write()
            return bool(condition())

        eventually(has_come, WITHIN)

    def freezes_with_unsynced(self, count: int) -> bool:
        """Freeze Redis if it has so many numbers after its last sync; it may sync meanwhile."""

        def has_enough() -> bool:
            last = self.disk.synced_at()
            return sum(one.sent > last for one in self.written[-count:]) == count

        if has_enough():
            self.server.gets(signal.SIGSTOP)
            if has_enough():
                return True
            self.server.gets(signal.SIGCONT)
        return False

    def power_cut(self) -> Cut:
        return self.disk.cut(self.server)

    def kept(self) -> int:
        """After a power cut: how many numbers Redis still has; they are the first ones."""
        self.power_up()
        numbers: Any = self.redis.lrange("numbers", 0, -1)
        assert [int(number) for number in numbers] == list(range(len(numbers)))
        return len(numbers)


def test_redis_that_syncs_always_loses_nothing_that_it_acknowledged(
    start: Callable[..., Any], disk: PowerCutDisk
) -> None:
    machine = Machine(start, disk, "always")

    def writes() -> None:
        with suppress(RedisError):
            while True:
                machine.write()

    writer = threading.Thread(target=writes)
    writer.start()
    eventually(lambda: len(machine.written) > 200, WITHIN)
    disk.cut()  # in the middle of a write; Redis sees it, and may acknowledge nothing more
    machine.server.kill()
    writer.join()
    acknowledged = len(machine.written)
    assert machine.kept() in (acknowledged, acknowledged + 1)  # one had no answer


def test_redis_that_syncs_every_second_loses_what_it_wrote_after_the_last_sync(
    start: Callable[..., Any], disk: PowerCutDisk
) -> None:
    machine = Machine(start, disk, "everysec")
    machine.writes_until(lambda: len(disk.syncs()) > 1 and machine.freezes_with_unsynced(10))
    cut = machine.power_cut()
    *_, before, last = disk.syncs()
    aof = disk.mountpoint / last.path[1:]
    loss = cut.losses[last.path]
    assert loss.kept == last.size == aof.stat().st_size < (loss.written or 0)
    entire = aof.read_bytes().count(b"RPUSH")
    kept = machine.kept()
    assert kept == entire
    # Redis writes later what it gets while it syncs, so the sync before is the limit of these.
    assert all(one.number < kept for one in machine.written if one.acknowledged < before.at)
    assert all(one.number >= kept for one in machine.written if one.sent > last.at)
    gone = machine.written[kept:]
    assert len(gone) >= 10
    assert gone[-1].acknowledged - gone[0].acknowledged < 2


def test_redis_that_never_syncs_loses_all_since_its_start(
    start: Callable[..., Any], disk: PowerCutDisk
) -> None:
    machine = Machine(start, disk, "no")
    machine.writes_until(lambda: time.time() > machine.written[0].sent + 1.5)
    machine.power_cut()
    assert disk.synced_at() == 0
    assert machine.kept() == 0


def test_redis_keeps_what_it_rewrote_and_a_second_cut_takes_the_rest(
    start: Callable[..., Any], disk: PowerCutDisk
) -> None:
    machine = Machine(start, disk, "no")
    for _ in range(50):
        machine.write()
    machine.redis.bgrewriteaof()
    eventually(lambda: not machine.redis.info("persistence")["aof_rewrite_in_progress"], WITHIN)
    machine.power_cut()
    assert machine.kept() == 50
    machine.write()
    machine.power_cut()
    assert machine.kept() == 50
