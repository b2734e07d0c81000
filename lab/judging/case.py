"""A history with all that the judge works out from it."""

from functools import cached_property

from lab.history.records import History
from lab.judging.excuses import Excused, excuse
from lab.judging.fates import Account, account
from lab.judging.hands import Hands


class Case:
    """What a run has left, and what became of its messages."""

    def __init__(self, history: History) -> None:
        self.history, self.notes, self.promise = history, history.notes, history.promise

    @cached_property
    def account(self) -> Account:
        return account(self.history)

    @cached_property
    def excused(self) -> Excused:
        return excuse(self.history, self.account, self.hands)

    @cached_property
    def told_aside(self) -> set[str]:
        """The ids that listeners told of as put aside."""
        return {id_ for one in self.account.by_name.values() for id_ in one.dead}

    @cached_property
    def put_aside(self) -> set[str]:
        """The ids that were put aside, and kill nobody."""
        poisons = {one.id for one in self.history.sent if one.digest in self.notes.poisons}
        return (self.told_aside | {*self.notes.dead_letters}) - poisons

    @cached_property
    def hands(self) -> Hands:
        return Hands(self.history)
