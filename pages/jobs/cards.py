"""This module makes a card of each process that works, from the events and from its way."""

import re
from collections import defaultdict
from dataclasses import dataclass

from jobs.work import Piece, State
from pages.jobs.history import call, duration
from pages.jobs.looks import Look
from pages.words import number

MOST = 8  # cards
MOST_NAMED = 2  # pieces in hand
GONE_FOR = 300.0  # seconds after it was asked for that a lost piece shows who lost it


@dataclass(frozen=True)
class Card:
    name: str
    pid: str  # empty where the name has none
    state: str  # working, waiting, gone
    doing: str


def cards(look: Look) -> list[Card]:
    """Return a card of each worker, first those who work; of the gone those who lost a piece."""
    in_hand: dict[str, list[Piece]] = defaultdict(list)
    lost: dict[str, list[Piece]] = defaultdict(list)
    for piece in look.pieces:
        if piece.state == State.STARTED:
            in_hand[piece.last.worker].append(piece)
        elif piece.state == State.UNKNOWN and look.at - piece.work.asked < GONE_FOR:
            lost[piece.last.worker].append(piece)
    working = [_card(name, "working", _doing(has, look.at)) for name, has in in_hand.items()]
    idle = {*look.workers} - {*in_hand}
    waiting = [_card(name, "waiting", "") for name in sorted(idle)]
    gone = [_card(name, "gone", f"{number(len(of), 'piece')} unknown") for name, of in lost.items()]
    return [*sorted(working, key=_name), *waiting, *gone]


def _name(card: Card) -> str:
    return card.name


def _card(name: str, state: str, doing: str) -> Card:
    found = re.search(r"-([0-9]+)(-|$)", name)
    return Card(name or "somebody", found[1] if found else "", state, doing)


def _doing(pieces: list[Piece], now: float) -> str:
    named = [f"{call(one)} for {duration(now - one.last.at)}" for one in pieces[-MOST_NAMED:]]
    more = len(pieces) - len(named)
    return ", ".join([*named, *([f"{more:,} more"] if more else [])])
