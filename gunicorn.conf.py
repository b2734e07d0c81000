"""How gunicorn serves the web: gunicorn web:app"""

import os
import sys

chdir = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, chdir)

from pages.settings import HOST, LOG_LEVEL, PORT, WEB_CONCURRENCY

wsgi_app = "web:app"
bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"
workers = WEB_CONCURRENCY
worker_class = "gevent"  # many slow clients cost little
limit_request_line = 8190  # bytes; a body of 2 KiB takes three times as much in a URL
control_socket_disable = True  # it would be one for all that this user serves
graceful_timeout = 5  # seconds; a click is answered within two

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": LOG_LEVEL, "handlers": ["lines"]},
    "loggers": {"gunicorn.error": {"propagate": True}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "formatters": {
        "lines": {
            "format": "%(asctime)s.%(msecs)03d  web-%(process)-10d  %(message)s",
            "datefmt": "%H:%M:%S",
        }
    },
}
