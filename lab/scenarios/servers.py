"""A Redis that is restarted, loses its power, or is replaced by its replica."""

from dataclasses import replace

from lab.faults.servers import FailedOver, FailedOverWithWait, Forgotten, PowerCut, Restarted
from lab.scenario import Scenario, listeners
from lab.servers import Guarded, OnDisk, Replicated
from lab.workloads import Load

TWO = [one.name for one in listeners(2)]
AOF = ("--appendonly", "yes", "--appendfsync")


RESTART_NONE = Scenario(
    "restart-none",
    "8",
    "Redis restarted, nothing kept",
    "Redis is killed and started again, and keeps nothing on disk: what is lost?",
    "Two listeners of 10 ms a message, 250 messages/s, so that some wait; Redis is away for a "
    "second. What is sent then is refused, which is no loss.",
    listeners(2, work=0.01),
    lambda *_: Load(250),
    lambda *_: [Forgotten(TWO)],
    harmless=False,
    in_readme=True,
)
RESTART_EVERYSEC = replace(
    RESTART_NONE,
    name="restart-everysec",
    title="Redis restarted, AOF everysec",
    question="The same with an append-only file that is synced every second: what is lost?",
    about="The process is killed, not the machine: what was written and not yet synced survives "
    "that.",
    faults=lambda *_: [Restarted(TWO)],
    redis_options=(*AOF, "everysec"),
    is_quick=False,
    in_readme=False,
)
RESTART_ALWAYS = replace(
    RESTART_EVERYSEC,
    name="restart-always",
    title="Redis restarted, AOF always",
    question="The same with an append-only file that is synced at each write: what is lost?",
    about="The process is killed, not the machine, as before.",
    redis_options=(*AOF, "always"),
    is_quick=False,
)
POWER_CUT = replace(
    RESTART_EVERYSEC,
    name="power-cut",
    title="Power cut, AOF everysec",
    question="The power goes, and with it what Redis wrote and did not sync: what is lost?",
    about="Redis writes to a file system that drops what was not synced (through FUSE), and syncs "
    "every second.",
    faults=lambda *_: [PowerCut(TWO)],
    redis=OnDisk,
)
FAILOVER = Scenario(
    "failover",
    "15",
    "Failover by hand",
    "The primary dies and its replica takes its place: what was acknowledged and is gone?",
    "The link between the two goes silent, ten more messages are acknowledged, the primary is "
    "killed (kill -9), and a person promotes the replica and moves the address. Two listeners of "
    "10 ms a message, 250 messages/s, so that some wait.",
    listeners(2, work=0.01),
    lambda *_: Load(250),
    lambda *_: [FailedOver(TWO)],
    redis=Replicated,
    harmless=False,
    tells_return=True,
    in_readme=True,
)
FAILOVER_WAIT = replace(
    FAILOVER,
    name="failover-wait",
    title="Failover by hand, WAIT 1",
    question="The same, with a sender that waits until a replica has it: what is gone?",
    about="The sender sends WAIT 1 after each write. What no replica has after half a second is "
    "unknown to it, and not acknowledged.",
    faults=lambda *_: [FailedOverWithWait(TWO)],
    way="waiting",
    is_quick=False,
)
FAILOVER_SENTINEL = replace(
    FAILOVER,
    name="failover-sentinel",
    title="Failover by Sentinel",
    question="The same, with three Sentinels that promote the replica: who finds it, and when?",
    about="Senders and listeners have a redis+sentinel:// address.",
    redis=Guarded,
    is_quick=False,
    unwatched=True,
    in_readme=False,
)
