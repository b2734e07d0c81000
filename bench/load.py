"""Puts load on the web server: requests as fast as it answers, or messages at a steady rate."""

import re
import subprocess
import threading
import time
from http.client import HTTPConnection
from itertools import count
from shutil import which

from bench.bars import Bar, SpoiltError
from patterns import FIRST_TWO

CONNECTIONS = 10  # of wrk; each asks again as soon as it is answered
EACH = 50  # messages per request of a flow
STEADY = 0.95  # share of the wanted rate that a flow has to send


def requests_per_second(host: str, path: str, seconds: float) -> float:
    """Answered requests per second; raises SpoiltError when an answer is an error."""
    wrk = which("wrk")
    if not wrk:
        raise SpoiltError("wrk is not installed: apt install wrk, or brew install wrk.")
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}", f"http://{host}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = re.search(r"Requests/sec: +([\d.]+)", said)
    rate = float(found[1]) if found else 0.0
    if not rate or re.search(r"Non-2xx|Socket errors", said):
        raise SpoiltError(f"Not every request was answered: {said}")
    return rate


class Flow(threading.Thread):
    """Sends `rate` messages/s until `stop`, half of them over each link.

    Each request has its time. A late one does not delay the next, so the rate holds on average.
    Only the thread counts; `stop` reads the counts when it has ended.
    """

    def __init__(self, host: str, rate: float) -> None:
        super().__init__(daemon=True)
        self._host, self._rate = host, rate
        self._stopped = threading.Event()
        self._sent = self._refused = 0
        self._begun = time.monotonic()
        self.start()

    def run(self) -> None:
        web = HTTPConnection(self._host, timeout=10)
        for n in count():
            due = self._begun + n * EACH / self._rate
            if self._stopped.wait(due - time.monotonic()):
                break
            web.request("POST", f"/{FIRST_TWO[n % 2]}?count={EACH}")
            answer = web.getresponse()
            answer.read()
            if answer.status == 303:
                self._sent += EACH
            else:
                self._refused += 1

    def stop(self, measured: str, more: str = "") -> Bar:
        """Stop, and return a bar on whether the wanted rate was sent."""
        seconds = time.monotonic() - self._begun
        self._stopped.set()
        self.join()
        rate, wanted = self._sent / seconds, self._rate * STEADY
        return Bar(
            f"{measured}: messages/s that did flow",
            f"{rate:,.0f}{more}",
            f"at least {wanted:,.0f}",
            rate >= wanted and not self._refused,
            {"messages_per_s": rate, "refused": self._refused},
        )
