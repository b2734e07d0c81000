"""The experiments of the front page in words; static/front/play/ has what ticks their steps."""

from pages.front import expected
from pages.front.declared import KILL_ONE, SHUTDOWN, START, STOP_ALL, Experiment, Step

EXPERIMENTS = (
    Experiment(
        "nobody",
        "Nobody listening",
        "What becomes of a message that is sent while nobody is there?",
        (
            Step("Stop all listeners.", (STOP_ALL,)),
            Step("Send three, one after the other."),
            Step("Start one listener, and see what it gets.", (START,)),
        ),
        expected.away,
        "nobody",
    ),
    Experiment(
        "third",
        "One more",
        "Does a third listener share the work, or hear it all as well?",
        (
            Step("Let two listen.", (START,)),
            Step("Start a third.", (START,)),
            Step("Send six, one after the other, and count who got them."),
        ),
        expected.shares,
        "late",
    ),
    Experiment(
        "stop",
        "Stop one in a burst",
        "Two work on a pile of messages, and one of them is stopped, as for an update.",
        (
            Step("Let two slow ones listen.", (f"{START} --work 0.1",)),
            Step("Send 200 at once."),
            Step("Stop one of the two while they work.", ("kill {one}",)),
            Step("Wait until the other has nothing to do."),
        ),
        expected.stopped,
        "deploy",
    ),
    Experiment(
        "order",
        "Look at the order",
        "Which of the messages that wait comes first?",
        (
            Step("Let one slow one listen, alone.", (STOP_ALL, f"{START} --work 1.2")),
            Step("Send five while it works on the first, so that some wait."),
            Step("See in which order those that waited come out."),
        ),
        expected.order,
        "order-one",
        fits=lambda pattern: pattern.keeps,
    ),
    Experiment(
        "slow",
        "A slow subscriber",
        "More is sent than one can handle: where does the rest stay, and is it safe there?",
        (
            Step("Let one slow one listen, alone.", (STOP_ALL, f"{START} --work 0.05")),
            Step("Send 200 at once, and see where they rest."),
            Step("Stop it while most of them are not handled.", (STOP_ALL,)),
            Step("See what is left."),
        ),
        expected.rests,
        "slow",
    ),
    Experiment(
        "restart",
        "Restart Redis",
        "A Redis that keeps nothing on disk, as the demo’s, ends and starts again.",
        (
            Step("Let a slow one listen, and send five.", (f"{START} --work 2",)),
            Step("Kill Redis; the demo starts its own again.", (SHUTDOWN,)),
            Step("The listener comes back by itself. See what waits now."),
            Step("Send one more, and see that it is received."),
        ),
        expected.restarted,
        "restart-none",
    ),
    Experiment(
        "killed",
        "Killed with one in hand",
        "A process dies in the middle of its work, without a good-bye.",
        (
            Step("Let two slow ones listen, and send three.", (f"{START} --work 1.5",)),
            Step("Kill one that works; three seconds later it counts as gone.", (KILL_ONE,)),
            Step("See what becomes of the message that it had in hand."),
        ),
        expected.killed,
        "killed",
    ),
    Experiment(
        "cut",
        "Cut off for two seconds",
        "The line of one listener is cut, while messages go on.",
        (
            Step("Let two listen.", (START,)),
            Step("Send again and again, and cut one off for two seconds meanwhile."),
            Step("It is back: send one more, and see whether anything is missing."),
        ),
        expected.cut,
        "cut",
        needs_demo=True,
    ),
    Experiment(
        "reply",
        "A reply is lost",
        "Redis has taken a message, but its answer does not arrive. Was it sent?",
        (
            Step("Let one listen, with nothing to do.", (STOP_ALL, START)),
            Step("Send one, and lose the reply: its outcome is unknown."),
            Step("See whether it has arrived."),
            Step("Send the same again, as one would who does not know."),
        ),
        expected.unsure,
        "lost-push",
        needs_demo=True,
    ),
    Experiment(
        "poison",
        "Poison",
        "A message kills whoever takes it.",
        (
            Step("Let two listen.", (START,)),
            Step("Send «poison»; the demo kills whoever is handed it, and starts another."),
            Step("See who else dies of it, and where it ends."),
        ),
        expected.poisoned,
        "poison",
        needs_demo=True,
    ),
)
