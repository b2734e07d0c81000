"""Sends messages at a steady rate over both links, as a process; prints what it sent."""

import http.client
import json
import signal
import sys
import time

from bench.bars import Bar
from patterns import FIRST_TWO

EACH = 50  # messages per request
STEADY = 0.95  # share of the wanted rate that has to be sent


def flow(host: str, rate: float) -> dict[str, float]:
    """Send `rate` messages/s until SIGTERM, half of them over each link.

    Each request has its time. A late one does not delay the next, so the rate holds on average; the
    result has the real rate.
    """
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    web = http.client.HTTPConnection(host, timeout=10)
    begin, asked, refused, latest = time.monotonic(), 0, 0, 0.0
    while not stopped:
        due = begin + asked * EACH / rate
        time.sleep(max(0.0, due - time.monotonic()))
        latest = max(latest, time.monotonic() - due)
        path = f"/{FIRST_TWO[asked % 2]}?count={EACH}"
        web.request("POST", path, headers={"Content-Length": "0"})
        answer = web.getresponse()
        answer.read()
        asked, refused = asked + 1, refused + (answer.status != 303)
        if asked == 1:
            print("Flowing", file=sys.stderr, flush=True)
    seconds = time.monotonic() - begin
    return {
        "messages_per_s": (asked - refused) * EACH / seconds,
        "refused": refused,
        "latest_s": latest,
    }


def judge(measured: str, rate: float, flowed: dict[str, float], more: str = "") -> Bar:
    """A bar on whether the wanted rate was sent during the measurement."""
    steady = flowed["messages_per_s"] >= rate * STEADY and not flowed["refused"]
    figure = f"{flowed['messages_per_s']:,.0f}{more}"
    bar = f"at least {rate * STEADY:,.0f}"
    return Bar(f"{measured}: messages/s that did flow", figure, bar, steady, flowed)


if __name__ == "__main__":
    print(json.dumps(flow(sys.argv[1], float(sys.argv[2]))))
