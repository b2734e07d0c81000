"""Messages at a steady pace over both links, as a process of its own: it tells what it sent."""

import http.client
import json
import signal
import sys
import time

from bench.bars import Bar
from patterns import FIRST_TWO

EACH = 50  # messages of one request
STEADY = 0.95  # share of the asked rate that has to flow


def flow(host: str, rate: float) -> dict[str, float]:
    """Send `rate` messages/s until it is stopped, half of them over each link.

    Each request has its time; one that comes late does not move the next, so that the flow is as
    much as it is said to be, or the answer tells how much it was.
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
    """Whether what was measured was measured under the flow that it is said to be."""
    steady = flowed["messages_per_s"] >= rate * STEADY and not flowed["refused"]
    figure = f"{flowed['messages_per_s']:,.0f}{more}"
    bar = f"at least {rate * STEADY:,.0f}"
    return Bar(f"{measured}: messages/s that did flow", figure, bar, steady, flowed)


if __name__ == "__main__":
    print(json.dumps(flow(sys.argv[1], float(sys.argv[2]))))
