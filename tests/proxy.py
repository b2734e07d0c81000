"""A TCP proxy between a client and Redis that looks on, and can swallow a reply."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress


class Proxy:
    """Forwards bytes both ways until told otherwise; keeps what clients said."""

    def __init__(self, redis_port: int) -> None:
        self._redis_port = redis_port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/5"
        self.swallow_after = b""  # when the client says this, the reply to it is swallowed
        self.hold_until: Callable[[bytes], bool] = lambda said: True
        self.said = b""  # by clients
        # Told what comes, and whether from a client: whether it is swallowed, once, and the
        # connection cut.
        self.cut_at: Callable[[bytes, bool], bool] = lambda chunk, is_client: False
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            redis = socket.create_connection(("127.0.0.1", self._redis_port))
            for ends in ((client, redis, True), (redis, client, False)):
                threading.Thread(target=self._forward, args=ends, daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, is_client: bool) -> None:
        held = b""
        try:
            while chunk := source.recv(65_536):
                if is_client:
                    self.said += chunk
                elif self.swallow_after and self.swallow_after in self.said:
                    self.swallow_after = b""
                    break
                if self.cut_at(chunk, is_client):
                    self.cut_at = lambda chunk, is_client: False
                    break
                held += chunk
                if is_client or self.hold_until(self.said):
                    target.sendall(held)
                    held = b""
        except OSError:
            pass
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes whoever reads from it as well
        source.close()
