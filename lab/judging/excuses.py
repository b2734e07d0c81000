"""Says which losses and repeats the promise allows after the faults of a run: ids, not counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lab.history.records import OLDEST_FIRST, Fault, History, Sent
from lab.judging.fates import ALL, Account, Fate
from lab.judging.hands import Hands

UNSENT = "in a reply that was not sent"

Key = tuple[str, str]  # the name of a listener, or ALL, and the id of a message


@dataclass
class Excused:
    """What the promise allows."""

    lost: dict[Key, str] = field(default_factory=dict)  # with where it was lost
    repeated: dict[Key, int] = field(default_factory=dict)  # with how often
    tries: Counter[Key] = field(default_factory=Counter)  # how many of them a fault ended
    unsent: list["Unsent"] = field(default_factory=list)  # one for each fault

    @property
    def redelivered(self) -> set[str]:
        """The ids that may come late."""
        return {id_ for _, id_ in self.tries}

    def put_aside(self, tries: int) -> set[str]:
        """The ids that may be put aside after so many tries; none where it is 0."""
        return {id_ for (_, id_), ended in self.tries.items() if 0 < tries <= ended}


@dataclass(frozen=True)
class Unsent:
    """Redis may have taken out a message for a connection that ended before it got the reply.

    No proxy has seen such a message. It is lost, or handed over to somebody later.
    """

    struck: float  # when the connections ended
    most: int  # how many messages this may have met: one for each connection

    def late(self, ids: Iterable[str], sent: Mapping[str, Sent], hands: Hands) -> set[str]:
        """Those of these ids that came late because of it."""
        before = [id_ for id_ in ids if sent[id_].written <= self.struck]
        late = [id_ for id_ in before if all(one.at > self.struck for one in hands.times[id_])]
        return {*late[: self.most]}


def excuse(history: History, counted: Account, hands: Hands) -> Excused:
    found = Excused()
    sent = {one.id: one for one in history.sent}
    for fault in history.notes.faults:
        for name, fate in counted.by_name.items():
            hit = [who for who in fault.targets if who in history.received and name in (who, ALL)]
            if hit:
                lost = [sent[id_] for id_ in fate.lost if (name, id_) not in found.lost]
                excuses = _Excuses(history, hands, fault, hit)
                if history.promise.redelivers:
                    found.unsent.append(Unsent(fault.struck, excuses.unsent))
                found.lost |= {(name, id_): where for id_, where in excuses.lost(lost)}
                again = excuses.handed_again(fate)
                found.tries.update((name, id_) for id_ in again)
                for id_ in again & fate.repeated.keys():
                    found.repeated[name, id_] = found.repeated.get((name, id_), 0) + 1
    return found


class _Excuses:
    """What one fault excuses, for the listeners that it hit."""

    def __init__(self, history: History, hands: Hands, fault: Fault, hit: Sequence[str]) -> None:
        self._history, self._promise = history, history.promise
        self._hands, self._fault, self._hit = hands, fault, hit
        meets_hands = fault.empties_hands or fault.needs_hands
        self._held = hands.held(fault, hit) if meets_hands else set()
        self._withheld = hands.withheld(fault, hit)
        # Redis took out a message for each of these connections at most whose reply it never sent.
        self.unsent = fault.unsent(hands.cut_lines(fault, hit))

    def lost(self, messages: Sequence[Sent]) -> Iterator[tuple[str, str]]:
        """Yield the ids of those that may be lost, each with where that was."""
        for one in messages:
            if where := self._where(one):
                yield one.id, where

    def handed_again(self, fate: Fate) -> set[str]:
        """The ids that may come once more."""
        again = self._held if self._promise.redelivers else set()
        if self._fault.forgets_from:
            again = again | {id_ for id_ in fate.repeated if self._was_taken_in_vain(id_)}
        return again

    def _where(self, message: Sent) -> str:
        fault, is_kept = self._fault, self._promise.keeps
        is_stored = fault.answered_is_kept(message.answered)
        may_go = fault.empties_hands and not (self._promise.redelivers and is_stored)
        if may_go and message.id in self._held:
            return fault.where if is_kept else fault.absence
        if message.id in self._withheld and not self._promise.redelivers:
            return fault.where
        if self._was_handed(message.id):  # it was handed over, and in no hand any more
            return ""
        if not is_kept and fault.is_away and self._was_meanwhile(message):
            return fault.absence
        if not is_stored and message.written <= self._back:
            return fault.where
        if not self._promise.redelivers and self.unsent and self._was_next(message):
            self.unsent -= 1
            return UNSENT
        return ""

    @cached_property
    def _back(self) -> float:
        """Until when Redis keeps nothing, because it has forgotten who listens."""
        if not self._promise.everyone_hears:
            return self._fault.struck
        return min(self._back_at(name) for name in self._hit)

    def _back_at(self, name: str) -> float:
        """When the first message was written after Redis had died that this listener received.

        A Redis that has forgotten its listeners keeps nothing for them until they are back. For one
        that never is, this is when Redis died: what it had by then is forgotten all the same.
        """
        history, struck = self._history, self._fault.struck
        later = {one.id: one.written for one in history.sent if one.written > struck}
        read = (later[one.id] for one in history.received[name] if one.id in later)
        return min(read, default=struck)

    @cached_property
    def _latest_before(self) -> float:
        """When the latest message was written that was handed over before the fault."""
        hit, at = self._hit, self._fault.at
        handed = {one.id for one in self._history.handed if one.to in hit and one.at < at}
        before = (one.written for one in self._history.sent if one.id in handed)
        return max(before, default=0.0)

    @cached_property
    def _told(self) -> Mapping[str | None, Sequence[float]]:
        """When the listeners told of each message."""
        told: dict[str | None, list[float]] = defaultdict(list)
        for name in self._hit:
            for one in self._history.received[name]:
                told[one.id].append(one.at)
        return told

    def _was_meanwhile(self, message: Sent) -> bool:
        return message.answered >= self._fault.at and message.written <= self._fault.until

    def _was_next(self, message: Sent) -> bool:
        """Whether it was due when the fault struck: what comes before the next one is handed over.

        Of a stack that is not known.
        """
        if self._promise.order != OLDEST_FIRST:
            return message.written <= self._fault.struck
        return self._latest_before <= message.written <= self._fault.struck

    def _was_handed(self, id_: str) -> bool:
        """Whether a listener that was to receive it was handed it: where they share, any of all."""
        is_shared = not self._promise.everyone_hears
        return any(is_shared or one.to in self._hit for one in self._hands.times[id_])

    def _was_taken_in_vain(self, id_: str) -> bool:
        """Whether Redis has forgotten that it had handed this message over."""
        fault, times = self._fault, [one.at for one in self._hands.times[id_]]
        times = times or [*self._told[id_]]
        return any(fault.forgets_from <= at <= fault.struck for at in times)
