"""The kitchen in one process: cooks and eaters are threads, and the counter is a queue.Queue."""

import queue
import threading
import time
from itertools import count
from random import uniform

from jobs.kitchen.diary import Event
from jobs.kitchen.options import COOKING, EATING, TICK, Options
from jobs.kitchen.show import Show


class Kitchen:
    """What cooks and eaters share."""

    def __init__(self, places: int, lifo: bool) -> None:
        # It has a lock of its own: whoever puts or takes needs no other.
        self.counter: queue.Queue[str] = (queue.LifoQueue if lifo else queue.Queue)(places)
        self.closing = threading.Event()
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def tell(self, who: str, what: str, dish: str = "") -> None:
        self.events.put(Event(time.monotonic(), who, what, dish))


def cook(kitchen: Kitchen, me: str) -> None:
    """Cook dishes, and put each on the counter, until the kitchen closes."""
    for number in count(1):
        if kitchen.closing.wait(uniform(*COOKING)):
            return
        dish = f"{me.split()[1]}-{number}"
        try:
            kitchen.counter.put_nowait(dish)
        except queue.Full:
            kitchen.tell(me, "waits")
            if not wait_for_place(kitchen, dish):
                return
        kitchen.tell(me, "puts", dish)


def wait_for_place(kitchen: Kitchen, dish: str) -> bool:
    """Put the dish on the counter when there is a place; False when the kitchen closes before."""
    while not kitchen.closing.is_set():
        try:
            kitchen.counter.put(dish, timeout=TICK)
        except queue.Full:
            continue
        return True
    return False


def eat(kitchen: Kitchen, me: str) -> None:
    """Take dishes from the counter, and eat them, until the kitchen closes."""
    while not kitchen.closing.is_set():
        try:
            dish = kitchen.counter.get_nowait()
        except queue.Empty:
            kitchen.tell(me, "waits")
            if not (dish := wait_for_dish(kitchen)):
                return
        kitchen.tell(me, "takes", dish)
        kitchen.closing.wait(uniform(*EATING))  # and eat up at once when the kitchen closes
        kitchen.tell(me, "has eaten", dish)


def wait_for_dish(kitchen: Kitchen) -> str:
    """Take a dish when there is one; return "" when the kitchen closes before."""
    while not kitchen.closing.is_set():
        try:
            return kitchen.counter.get(timeout=TICK)
        except queue.Empty:
            continue
    return ""


def run(options: Options, show: Show) -> int:
    """Open the kitchen, close it, and show the sum; return the exit code."""
    kitchen = Kitchen(options.places, options.lifo)
    people = [threading.Thread(target=cook, args=(kitchen, me)) for me in show.cooks]
    people += [threading.Thread(target=eat, args=(kitchen, me)) for me in show.eaters]
    try:
        for one in people:
            one.start()
        show.watch(lambda: next_event(kitchen, TICK))
    finally:
        kitchen.closing.set()
        for one in people:
            one.join()
    while event := next_event(kitchen, 0):
        show.note(event)
    show.end(left=kitchen.counter.qsize())
    return 0


def next_event(kitchen: Kitchen, within: float) -> Event | None:
    try:
        return kitchen.events.get(timeout=within)
    except queue.Empty:
        return None
