"""Listeners and a Redis that die, listeners that freeze or are killed by what they receive."""

import signal
import time
from functools import partial

from lab.fragile import POISON
from lab.run import Run
from lab.scenarios.scenario import names, scenario
from messaging.receiving.contract import TRIES
from starting.process import wait_until

SOAK = 20  # kills, beyond which nothing waits for the killed listener
AOF = ("--appendonly", "yes", "--appendfsync")


@scenario("4", "Killed", in_readme=True, deadline=20)
def killed(run: Run) -> None:
    """A listener is killed (kill -9) while it works on a message: what becomes of the message?

    Three listeners that take 20 ms a message, and about as many messages as they bear; one after
    the other is killed right after it has done one, when the next is in its hand, and started anew.
    Six times, or as often as --kills says.
    """
    consumers, kills, work = run.consumers, run.settings.kills or 6, 0.02
    run.begin(*names(3), work=work)
    rate = 40 if run.pattern.everyone_hears else 90
    for n in range(kills):
        # About as many as are received from kill to kill.
        run.producer.send(rate // 8 if kills > SOAK else rate * 2 // 5, rate, wait=False)
        name = names(3)[n % 3]
        wait_until(partial(consumers.has_received, name), 5)
        consumers.wait_for_messages(1, name)
        time.sleep(0.005)  # in the middle of the next one
        with run.fault(name, lost=1, repeated=2):
            kill(run, name, work)
            if kills <= SOAK:
                consumers.wait_for(name)
    consumers.wait_for(*names(3))
    run.producer.wait(kills)


def kill(run: Run, name: str, work: float) -> None:
    """Kill this consumer, see that it is dead, and start it again."""
    processes = run.consumers.by_name[name].members()
    run.consumers.by_name[name].kill()
    run.must(lambda: not any(one.is_running() for one in processes), f"{name} did not die.")
    run.consumers.start(name, work)


@scenario("7", "Frozen", in_readme=True, deadline=20)
def frozen(run: Run) -> None:
    """A listener freezes (SIGSTOP) and wakes up (SIGCONT) five seconds later: who has its messages?

    Three listeners, 100 messages/s of 4 ms work each. Who holds messages for longer than three
    seconds counts as dead where others take over, so they may be handled twice.
    """
    run.begin(*names(3), work=0.004)  # so that a message is in hand when the listener freezes
    run.producer.send(700, 100, wait=False)
    run.consumers.wait_for_messages(20, "listener-2")
    frozen = run.consumers.by_name["listener-2"]
    with run.fault(repeated=2):
        frozen.gets(signal.SIGSTOP)
        run.must(frozen.is_frozen, "The listener did not freeze.")
        time.sleep(5)  # the fault itself
        frozen.gets(signal.SIGCONT)


restarts = partial(scenario, "8", harmless=False, deadline=20)


def restart(run: Run, forgotten: bool = False) -> None:
    """Restart Redis under a backlog: two listeners bear 200 messages/s, and 250 are sent."""
    run.begin(*names(2), work=0.01)
    run.producer.send(400, 250, wait=False)
    run.consumers.wait_for_messages(40, "listener-1")
    cost = {"lost": 2, "repeated": 4, "forgotten": forgotten}
    with run.fault(*names(2), absence="while Redis was away", stops_sender=True, **cost):
        run.server.kill()
        time.sleep(1)  # the fault itself
        run.server.restart()
        run.producer.wait()
    run.producer.send(50, 100)
    run.probe_again()
    run.producer.send(20, 100)


@restarts("Redis restarted, nothing kept", in_readme=True)
def restart_none(run: Run) -> None:
    """Redis is killed and started again, and keeps nothing on disk: what is lost?

    Two listeners of 10 ms a message, 250 messages/s, so that some wait; Redis is away for a second.
    What is sent then is refused, which is no loss.
    """
    restart(run, forgotten=True)


@restarts("Redis restarted, AOF everysec", redis_options=(*AOF, "everysec"), is_quick=False)
def restart_everysec(run: Run) -> None:
    """The same with an append-only file that is synced every second: what is lost?

    The process is killed, not the machine: what was written and not yet synced survives that.
    """
    restart(run)


@restarts("Redis restarted, AOF always", redis_options=(*AOF, "always"))
def restart_always(run: Run) -> None:
    """The same with an append-only file that is synced at each write: what is lost?

    The process is killed, not the machine, as before.
    """
    restart(run)


@scenario("14", "Poison", harmless=False, any_listener=False, in_readme=True, deadline=1)
def poison(run: Run) -> None:
    """A message kills its listener each time: how often is it tried, and does it stop the others?

    Two listeners that are killed (kill -9) whenever they begin on that message, and are started
    again; 100 others are sent with it. After three tries it is to be put aside.
    """
    pattern, notes = run.pattern, run.notes
    run.begin(*names(2), fragile=True)
    hearers = 2 if pattern.everyone_hears else 1
    limit = TRIES * hearers
    notes.poisons = 1
    with run.fault(lost=hearers, where="the poison", repeated=2 * limit):
        run.producer.send(50, 500)
        run.producer.send(1, body=POISON)
        run.producer.send(50, 500, wait=False)
        deaths = notes.figures["tries"] = revive(run, enough=limit + 1)
    run.must(lambda: deaths, "The poison killed nobody.", 0)
    if pattern.redelivers:
        each = " by each group" if pattern.everyone_hears else ""
        notes.findings.append(f"tried {TRIES} times{each}, then put aside")
        if deaths != limit:
            notes.breaches.append(f"The poison was tried {deaths} times, and not {limit}.")


def revive(run: Run, enough: int) -> int:
    """Restart each listener that dies, until nothing is left or `enough` died; return how many."""
    deaths, deadline = 0, time.monotonic() + 20
    while time.monotonic() < deadline and deaths < enough:
        time.sleep(0.1)
        ends = {name: one.popen.poll() for name, one in run.consumers.by_name.items()}
        if killed := [name for name, code in ends.items() if code == -signal.SIGKILL]:
            deaths += len(killed)
            with run.fault(*killed):
                run.consumers.listen(*killed, fragile=True)
        elif run.is_drained():
            break
    return deaths
