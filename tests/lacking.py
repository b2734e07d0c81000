"""What a machine may lack: at home a test that needs it is skipped, in CI it must be there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from starting.process import NotStartedError


@contextmanager
def skipped_at_home() -> Iterator[None]:
    """Skip the test when what it needs cannot be started here; in CI that is an error."""
    try:
        yield
    except NotStartedError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
