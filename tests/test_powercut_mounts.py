"""The disk of a power cut leaves no mount behind, and says so where it cannot be had."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from starting.disk import MOUNTS, PowerCutDisk, why_no_power_cut
from starting.powercut import NEEDED
from starting.process import NotStartedError
from tests.processes import Process, eventually

WITHIN = 8  # seconds
HOLDER = """
import pathlib, sys, time
from starting.disk import PowerCutDisk
from starting.parts import own_redis
with PowerCutDisk(pathlib.Path(sys.argv[1])) as disk:
    own_redis(disk.mountpoint, "--appendonly", "yes")
    print("Ready", flush=True)
    time.sleep(60)
"""


def test_no_mount_stays_behind_when_its_owner_is_killed(
    can_cut: None, start: Callable[..., Any], tmp_path: Path
) -> None:
    holder: Process = start(Process, [sys.executable, "-c", HOLDER, tmp_path])
    holder.says("Ready")
    assert str(tmp_path) in MOUNTS.read_text()
    holder.gets(signal.SIGKILL)
    eventually(lambda: str(tmp_path) not in MOUNTS.read_text(), WITHIN)


def test_where_there_is_no_fuse_a_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FUSE_LIBRARY_PATH", str(tmp_path / "none"))
    assert why_no_power_cut().startswith(NEEDED)
    with pytest.raises(NotStartedError, match="pip install mfusepy"), PowerCutDisk(tmp_path):
        pass
