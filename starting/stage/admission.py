"""Decides whether a command may be carried out: meant for this demo, recent, new, and possible."""

import time
from hmac import compare_digest

from controls.verbs import BadCommandError, check
from controls.wire import ASKED_WITHIN, Command


class Admission:
    """Remembers the commands of the last seconds, so that each is carried out once."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._seen: dict[str, float] = {}  # by id, when it was asked for

    def refusal(self, command: Command) -> str:
        """Return a sentence that says why it is refused; «» when it may be carried out."""
        now = time.time()
        if not compare_digest(command.secret.encode(), self._secret.encode()):
            return "The secret is not that of this demo: load the page again."
        if not abs(now - command.at) <= ASKED_WITHIN:  # which nan is not, either
            return f"It was asked for more than {ASKED_WITHIN:.0f} seconds ago."
        if command.id in self._seen:
            return "It was carried out already."
        self._seen = {id_: at for id_, at in self._seen.items() if now - at <= ASKED_WITHIN}
        self._seen[command.id] = command.at
        try:
            check(command.verb, command.target, command.options)
        except BadCommandError as error:
            return str(error)
        return ""
