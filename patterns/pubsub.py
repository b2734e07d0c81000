"""Publish–subscribe: senders publish on a channel, and every subscriber gets each message."""

from collections.abc import Iterable, Iterator

from redis import Redis

from messaging.settings import KEY_PREFIX
from patterns.declaration import facts
from patterns.declaration.facts import Fact, Facts
from patterns.declaration.pattern import Colours, Commands, Drawing, Hears, Order, Pattern, Words
from patterns.declaration.store import Backlog, Store

CHANNEL = f"{KEY_PREFIX}pubsub:channel"


class NothingKept(Store):
    """The store of a channel, where nothing waits."""

    def look(self, redis: Redis) -> Backlog:
        return self.nothing

    def unfinished_lines(self, redis: Redis, names: Iterable[str] = ()) -> dict[str, list[bytes]]:
        return {}

    def keys(self, redis: Redis, names: Iterable[str]) -> list[str]:
        return []

    def _none(self, redis: Redis, names: Iterable[str] = ()) -> int:
        return 0

    length = unfinished = empty = _none


def plain_listener(redis: Redis, name: str) -> Iterator[bytes]:
    subscriber = redis.pubsub()  # type: ignore[no-untyped-call]
    subscriber.subscribe(CHANNEL)
    for heard in subscriber.listen():
        if heard["type"] == "message":
            yield heard["data"]


PATTERN = Pattern(
    name="pubsub",
    script="pubsub",
    words=Words(
        title="Publish–subscribe",
        chinese="发布订阅者模式",
        short="channel",
        noun="channel",
        sent="published",
        promise="A message is sent to every listener that is there at that moment; "
        "for those who are not, it is gone.",
    ),
    colours=Colours("#b03f00", "#fbece3", "#f0935b", "#37200f", terminal="38;5;166"),
    drawing=Drawing.WAVE,
    commands=Commands(send=("PUBLISH",), take=("SUBSCRIBE",), beside=("PING",)),
    hears=Hears.EACH,
    kept_for=0,
    redelivers=False,
    order=Order.OLDEST_FIRST,
    follows_gaps=True,
    place=CHANNEL,
    store=NothingKept(),
    facts=Facts(
        every=facts.EVERY,
        away=Fact("Nothing is kept: who is away does not hear it.", ("nobody", "deploy")),
        hand=Fact("What was sent to it and not handled when it dies is gone for it.", ("killed",)),
        twice=facts.ONCE,
        order=Fact("Each listener hears them as they were published.", ("steady", "slow")),
        others=Fact("Whoever else subscribes hears it too.", ("steady",)),
    ),
    plain_listener=plain_listener,
)
