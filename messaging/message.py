"""A message, and the line of JSON that carries it."""

import json
from contextlib import suppress
from dataclasses import dataclass

LATEST = 1e11  # seconds since the epoch: a time after the year 5138 is an error
OURS = "web-"  # prefix of the names of our senders
LONGEST_PRINTED = 2048  # characters; a link sends no longer bodies
LARGEST_SEQ = 2**53  # JavaScript reads larger integers inexactly


class MalformedLineError(ValueError):
    r"""A line is not UTF-8; `text` shows its bad bytes as \xff."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.text = line[:LONGEST_PRINTED].decode("utf-8", "backslashreplace")
        super().__init__(f"not UTF-8: {printable(self.text)}")


@dataclass(frozen=True, slots=True)
class Message:
    """A body and its origin; a message from another program has only a body."""

    body: str
    sender: str | None = None  # the sending process, new at each start; «from» on the wire
    seq: int | None = None  # 1, 2, 3 … per sender and pattern, in the order of writing
    sent: float | None = None  # seconds since the epoch

    @property
    def id(self) -> str | None:
        return None if self.sender is None else f"{self.sender}-{self.seq}"

    def encode(self) -> bytes:
        """Return one line of JSON, without a line break."""
        fields = {"from": self.sender, "seq": self.seq, "sent": self.sent, "body": self.body}
        return json.dumps(fields, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, line: bytes) -> "Message":
        """Return the message in a line; a line of another program is the body of a message.

        Raises MalformedLineError for bytes that are not UTF-8.
        """
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise MalformedLineError(line) from None
        with suppress(ValueError, RecursionError):
            match text.startswith("{") and json.loads(text):
                case {"from": str(sender), "seq": int(seq), "sent": sent, "body": str(body)}:
                    f"{sender}{body}".encode()  # raises for half a character, which JSON allows
                    are_numbers = type(seq) is int and type(sent) in (int, float)  # True is neither
                    if are_numbers and 1 <= seq <= LARGEST_SEQ and 0 <= sent <= LATEST:
                        return cls(body, sender, seq, sent)
        return cls(text)


@dataclass(frozen=True, slots=True)
class Span:
    """The messages `first` to `last` of one sender."""

    sender: str
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def printable(text: str) -> str:
    """Return the text with all escaped that could control a terminal or forge a log line.

    Of a very long text, the beginning.
    """
    if len(text) > LONGEST_PRINTED:
        return f"{printable(text[:LONGEST_PRINTED])}…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
