"""A TCP proxy between a client and Redis that can also hold replies, and cut where a test says."""

from collections.abc import Callable

from starting import proxy
from starting.proxy import Pair


class Proxy(proxy.Proxy):
    """The lab's proxy, with two more faults. Only the test sets them, as attributes."""

    def __init__(self, redis_port: int) -> None:
        self._said = b""  # all that clients sent
        self._held: dict[Pair, bytes] = {}  # replies that wait
        # Given all that clients sent: whether replies pass.
        self.hold_until: Callable[[bytes], bool] = lambda said: True
        # Given a chunk and whether a client sent it: whether to swallow it and cut, once.
        self.cut_at: Callable[[bytes, bool], bool] = lambda chunk, is_client: False
        super().__init__(redis_port)

    def passes(self, pair: Pair, chunk: bytes, is_client: bool) -> bytes | None:
        passed = super().passes(pair, chunk, is_client)
        if self.cut_at(chunk, is_client):
            self.cut_at = lambda chunk, is_client: False
            return None
        if is_client:
            self._said += chunk
            return passed
        if passed is None:
            return None
        held = self._held.pop(pair, b"") + passed
        if self.hold_until(self._said):
            return held
        self._held[pair] = held
        return b""
