"""A message, and the line of JSON in which it travels."""

import json
from dataclasses import dataclass

LATEST = 1e11  # seconds since the epoch: the year 5138, beyond it no delay means anything
OURS = "web-"  # so begin the names of our senders
LARGEST_SEQ = 2**53  # beyond it a number is no longer exact in every reader of JSON


class MalformedLineError(ValueError):
    r"""A line that is not UTF-8; `text` shows it with \xff for such bytes."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.text = line.decode("utf-8", "backslashreplace")
        super().__init__(f"not UTF-8: {printable(self.text)}")


@dataclass(frozen=True, slots=True)
class Message:
    """A body, and where it comes from: nothing of that is known of a line that others sent."""

    body: str
    sender: str | None = None  # the sending process, new at each start; «from» on the wire
    seq: int | None = None  # 1, 2, 3 … per sender and pattern, in the order of writing
    sent: float | None = None  # seconds since the epoch

    @property
    def id(self) -> str | None:
        return None if self.sender is None else f"{self.sender}-{self.seq}"

    def encode(self) -> bytes:
        """One line of JSON, without the line's end."""
        fields = {"from": self.sender, "seq": self.seq, "sent": self.sent, "body": self.body}
        return json.dumps(fields, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, line: bytes) -> "Message":
        """The message in a line; a line that is not one of ours is the body of a message.

        Raises MalformedLineError for bytes that are not UTF-8.
        """
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise MalformedLineError(line) from None
        return _of_ours(text) or cls(text)


def printable(text: str) -> str:
    """The text with everything escaped that could steer a terminal or forge a line of a log."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _of_ours(text: str) -> Message | None:
    if not text.startswith("{"):
        return None
    try:
        match json.loads(text):
            case {
                "from": str(sender),
                "seq": int(seq),
                "sent": float(sent) | int(sent),
                "body": str(body),
            }:
                f"{sender}{body}".encode()  # JSON can hide half a character, which no text can hold
                are_numbers = bool not in (type(seq), type(sent))  # True is an int in Python
                if are_numbers and 1 <= seq <= LARGEST_SEQ and 0 <= sent <= LATEST:
                    return Message(body, sender, seq, sent)
    except (ValueError, RecursionError):
        pass
    return None
