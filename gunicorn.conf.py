"""How gunicorn serves the web: gunicorn web:app"""

import os
import resource
import signal
import sys
from typing import Any

from gunicorn.workers import ggevent

chdir = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, chdir)

from messaging.settings import HOST, LOG_LEVEL, PORT, VIEWER_LIMIT, WEB_CONCURRENCY

wsgi_app = "web:app"
bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"
workers = WEB_CONCURRENCY
worker_class = "gevent"  # many slow clients cost little
limit_request_line = 8190  # bytes; a body of 2 KiB takes three times as much in a URL
forwarder_headers = ""  # a client must not say under which address the web is reached
control_socket_disable = True  # it would be one for all that this user serves
worker_connections = VIEWER_LIMIT + 1000  # those who watch keep theirs open
graceful_timeout = 5  # seconds; a click is answered within two

LINE = "%(asctime)s.%(msecs)03d  web-%(process)-10d  %(message)s"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": LOG_LEVEL, "handlers": ["lines"]},
    "loggers": {"gunicorn.error": {"propagate": True}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "formatters": {"lines": {"format": LINE, "datefmt": "%H:%M:%S"}},
}

# Each open page is an open file, of which there may be 1,024 unless one asks for more.
_allowed, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
_wanted = worker_connections + 100 if _most < 0 else min(worker_connections + 100, _most)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(_allowed, _wanted), _most))


class Server(ggevent.StreamServer):  # type: ignore[misc] # it comes without types
    """Accepts all who wait for it, up to 100 at a time.

    gunicorn lets each of several workers accept one at a time, so whoever comes new would wait
    until each client that is there already was served once.
    """

    max_accept = property(lambda self: 100, lambda self, one: None)


ggevent.StreamServer = Server


def begin_worker() -> None:
    """Let SIGTERM end a worker that is still starting; the handler it inherits would swallow it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


os.register_at_fork(
    before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM}),
    after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM}),
    after_in_child=begin_worker,
)


def post_worker_init(worker: Any) -> None:
    """Begin to listen for reports; streams end when the worker is told to."""
    from pages.live.views import live

    live.start(lambda: not worker.alive)


def worker_exit(server: Any, worker: Any) -> None:
    """Report what was sent last."""
    from pages.live.views import live

    live.close()
