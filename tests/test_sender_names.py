"""The name of a sender: no two processes have the same, and the threads of one share it."""

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from tests.parts import Web
from tests.processes import ROOT


def test_a_sender_that_was_made_before_a_fork_has_another_name_after_it() -> None:
    """Also where the web is loaded before its processes fork, no two of them share numbers."""
    program = (
        "import os, web\n"
        "before = web.sender._name\n"
        "if os.fork():\n"
        "    os.wait()\n"
        "else:\n"
        "    print(web.sender._name.startswith(f'web-{os.getpid()}-'))\n"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert said.stdout == "True\n", said.stderr


def test_the_first_clicks_of_a_process_share_one_sender(start: Callable[..., Any]) -> None:
    web = start(Web, WEB_CONCURRENCY="1")
    names: list[str] = []
    threads = [
        threading.Thread(target=lambda: names.append(web.send("/prodcons")["from"]))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 20
    assert len({*names}) == 1
