"""Faults of connections: cut, silent, and replies that are lost."""

from dataclasses import dataclass
from typing import ClassVar

from lab.faults.injection import CUT_OFF, Evidence, Injection, Proof
from lab.history.records import SENDER
from lab.run import Run
from starting.process import wait_until

NOTICED_WITHIN = 12.0  # seconds, after which the words are «noticed never»
A_MESSAGE = b'"seq"'  # part of every reply that contains a message


@dataclass(frozen=True)
class Cut(Injection):
    """All connections of the listeners and of the sender are cut (CLIENT KILL)."""

    kind: ClassVar = "cut"
    may_list: ClassVar = True
    cost: ClassVar = {"is_away": True, "empties_hands": True, "absence": CUT_OFF}

    def inject(self, run: Run) -> Proof:
        """CLIENT KILL their connections, and no others."""
        clients, witnesses = run.server.clients(), run.consumers.witnesses
        killed = {
            name: [clients[address] for address in one.connections() & clients.keys()]
            for name, one in witnesses.items()
        }
        ids = [id_ for of_one in killed.values() for id_ in of_one]
        for id_ in ids:
            run.server.redis.client_kill_filter(id_)
        is_all = all(killed[name] for name in self.targets)

        def are_gone() -> Evidence:
            gone = is_all and not {*ids} & {*run.server.clients().values()}
            return {"killed": killed} if gone else {}

        return are_gone

    def without(self, run: Run) -> str:
        return "CLIENT KILL did not meet a connection of each."


@dataclass(frozen=True)
class ReplyLost(Injection):
    """The proxy of the target swallows one reply, and cuts the connection."""

    to: bytes = b""  # the command whose reply is swallowed; empty: any
    having: bytes = b""  # in that reply

    kind: ClassVar = "reply lost"
    cost: ClassVar = {**Cut.cost, "where": "in the lost reply"}

    def inject(self, run: Run) -> Proof:
        proxy = run.consumers.witnesses[self.targets[0]]
        proxy.swallow_reply(self.to, self.having)
        return lambda: {"swallowed": proxy.swallowed} if proxy.swallowed else {}

    def without(self, run: Run) -> str:
        return "No such reply was seen, so none was lost."


@dataclass(frozen=True)
class Silent(Injection):
    """The line of the target goes silent without being closed; new connections work."""

    kind: ClassVar = "silent"
    cost: ClassVar = {**Cut.cost, "where": "on the silent line"}

    def inject(self, run: Run) -> Proof:
        proxy = run.consumers.witnesses[self.targets[0]]
        proxy.go_silent()
        return lambda: {"withheld": proxy.withheld} if proxy.withheld else {}

    def without(self, run: Run) -> str:
        return f"The line of {self.targets[0]} did not go silent."

    def end(self, run: Run) -> Evidence:
        """Wait until the target hangs up, and note how long that takes."""
        proxy = run.consumers.witnesses[self.targets[0]]
        who = SENDER if self.targets[0] == SENDER else "listener"
        if noticed := wait_until(lambda: proxy.noticed, NOTICED_WITHIN):
            seconds = max(0.0, noticed - proxy.silent_since)
            run.notes.findings.append(f"{who} noticed after {seconds:.1f} s")
            run.notes.figures[f"noticed_{who}_s"] = round(seconds, 2)
            return {"noticed": noticed}
        run.notes.findings.append(f"{who} noticed never")
        return {"noticed": "never"}
