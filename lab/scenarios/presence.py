"""Listeners that run all the time, start after the messages, join in the middle or are replaced."""

from lab.run import Run
from lab.scenarios.scenario import names, scenario


@scenario("1", "Steady", alone=True, answer=("delay_p50_ms", "delay {} ms", 1))
def steady(run: Run) -> None:
    """Three listeners, a fixed rate: does each message arrive, once, in order, and how soon?

    200 messages/s for five seconds, or at the rate that was asked for.
    """
    run.begin(*names(3))
    rate = run.settings.rate or 200
    run.producer.send(int(rate * (1.5 if run.settings.quick else 5)), rate)
    run.drain()


@scenario("2", "Nobody there", in_readme=True)
def nobody(run: Run) -> None:
    """Nobody is there: what becomes of what is sent before any listener starts?

    Three listeners were there once and stopped; 300 messages are sent, then they start again.
    """
    run.begin(*names(3))
    run.stop(*names(3))
    run.producer.send(300, 1000)
    run.consumers.listen(*names(3))
    run.drain()


@scenario("3", "Late")
def late(run: Run) -> None:
    """A listener joins in the middle: what does it get of what was sent before and after?

    One listener is there; half-way through 400 messages at 200/s a second one comes. It is owed
    what is sent from then on.
    """
    run.begin("listener-1")
    run.producer.send(200, 200)
    run.producer.send(200, 200, wait=False)
    run.consumers.listen("late")
    run.producer.send(10, 50)
    run.drain()


@scenario("5", "Deploy")
def deploy(run: Run) -> None:
    """Every listener is restarted in turn with SIGTERM under load: is anything lost or repeated?

    Three listeners, 200 messages/s; each is stopped as a deployment would and started again.
    """
    run.begin(*names(3))
    run.producer.send(600, 200, wait=False)
    for name in names(3):
        run.stop(name)
        run.consumers.listen(name)
    run.drain()
