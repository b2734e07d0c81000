"""Listeners that die, are replaced, freeze, or are killed by what they receive."""

import signal
import time

from lab.consumer import POISON
from lab.run import Run
from lab.scenarios.scenario import after_fault, in_peace, names
from lab.verdict import Allowed
from messaging.receiving.contract import TRIES
from starting.waiting import wait_until

WORK = 0.004  # seconds a message, so that one is in hand when a listener dies


def killed(run: Run) -> Allowed:
    """A listener is killed (kill -9) while it works on a message: what becomes of the message?

    Three listeners that take 20 ms a message, and about as many messages as they bear; one after
    the other is killed right after it has done one, when the next is in its hand, and started anew.
    Six times, or as often as --kills says.
    """
    kills = run.settings.kills or 6
    run.begin(names(3), work=0.02)
    is_soak = kills > 20
    rate = 40 if run.pattern.everyone_hears else 90
    for n in range(kills):
        # About as many as are received from kill to kill.
        run.send(rate // 8 if is_soak else rate * 2 // 5, rate, wait=False)
        name = names(3)[n % 3]
        wait_until(run.listeners[name].stdout.has_any, 5)
        run.wait_for_lines(1, name)
        time.sleep(0.005)  # in the middle of the next one
        run.kill(name)
        run.start(name, work=0.02)
        if not is_soak:
            run.wait_for(name)
    run.wait_for(*names(3))
    run.wait_until_sent(kills)
    run.drain(20 + kills / 10)
    return after_fault(run, in_hand=kills, why="in hand", again=2 * kills)


def deploy(run: Run) -> Allowed:
    """Every listener is restarted in turn with SIGTERM under load: is anything lost or repeated?

    Three listeners, 200 messages/s; each is stopped as a deployment would and started again.
    """
    run.begin(names(3))
    run.send(600, 200, wait=False)
    for name in names(3):
        run.stop(name)
        run.listen(name)
    run.wait_until_sent()
    run.drain()
    return in_peace(run)


def frozen(run: Run) -> Allowed:
    """A listener freezes (SIGSTOP) and wakes up (SIGCONT) five seconds later: who has its messages?

    Three listeners, 100 messages/s of 4 ms work each. Who holds messages for longer than three
    seconds counts as dead where others take over, so they may be handled twice.
    """
    run.begin(names(3), work=WORK)
    run.send(700, 100, wait=False)
    run.wait_for_lines(20, "listener-2")
    run.listeners["listener-2"].gets(signal.SIGSTOP)
    time.sleep(5)  # the fault itself
    run.listeners["listener-2"].gets(signal.SIGCONT)
    run.wait_until_sent()
    run.drain(20)
    return after_fault(run, in_hand=0, why="", again=2)


def poison(run: Run) -> Allowed:
    """A message kills its listener each time: how often is it tried, and does it stop the others?

    Two listeners that are killed (kill -9) whenever they begin on that message, and are started
    again; 100 others are sent with it. After three tries it is to be put aside.
    """
    run.serve()
    pattern = run.pattern
    for name in names(2):
        run.start(name, fragile=True)
    run.wait_for(*names(2))
    run.probe()
    run.send(50, 500)
    run.send(1, body=POISON)
    run.send(50, 500, wait=False)
    limit = TRIES * (2 if pattern.everyone_hears else 1)
    deaths = run.facts["tries"] = revive(run, 20, enough=limit + 1)
    if pattern.redelivers:
        each = " by each group" if pattern.everyone_hears else ""
        run.words = f"tried {TRIES} times{each}, then put aside"
        if deaths != limit:
            run.more.append(f"The poison was tried {deaths} times, and not {limit}.")
    return after_fault(
        run, in_hand=2 if pattern.everyone_hears else 1, why="the poison", again=2 * limit
    )


def revive(run: Run, within: float, enough: int) -> int:
    """Restart each listener that dies, until nothing is left or `enough` died; return how many."""
    deaths, deadline = 0, time.monotonic() + within
    while time.monotonic() < deadline and deaths < enough:
        for name in killed_listeners(run):
            deaths += 1
            run.note_absence(name)
            run.start(name, fragile=True)
            run.wait_for(name)
        if not run.left() and run.is_quiet() and not killed_listeners(run):
            break
    run.drain(1)
    return deaths


def killed_listeners(run: Run) -> list[str]:
    """The names of the listeners that SIGKILL ended."""
    ended = {name: one.popen.poll() for name, one in run.listeners.items()}
    return [name for name, code in ended.items() if code == -signal.SIGKILL]
