"""A TCP proxy between a client and Redis that looks on, and can hold or swallow a reply."""

from collections import defaultdict
from collections.abc import Callable

from lab import proxy


class Proxy(proxy.Proxy):
    """Forwards bytes both ways until told otherwise; keeps what clients said."""

    def __init__(self, redis_port: int) -> None:
        self.swallow_after = b""  # when the client says this, the reply to it is swallowed
        self.hold_until: Callable[[bytes], bool] = lambda said: True
        self.said = b""  # by clients
        # Told what comes, and whether from a client: whether it is swallowed, once, and the
        # connection cut.
        self.cut_at: Callable[[bytes, bool], bool] = lambda chunk, is_client: False
        self._held: dict[proxy.Pair, bytes] = defaultdict(bytes)
        super().__init__(redis_port)
        self.url = f"redis://127.0.0.1:{self.port}/5"

    def passes(self, pair: proxy.Pair, chunk: bytes, is_client: bool) -> bytes | None:
        if is_client:
            self.said += chunk
        elif self.swallow_after and self.swallow_after in self.said:
            self.swallow_after = b""
            return None
        if self.cut_at(chunk, is_client):
            self.cut_at = lambda chunk, is_client: False
            return None
        if is_client:
            return chunk
        self._held[pair] += chunk
        return self._held.pop(pair) if self.hold_until(self.said) else b""
