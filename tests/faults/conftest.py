"""What the tests of kills share: one server that forks the children."""

from __future__ import annotations

from multiprocessing import get_context
from multiprocessing.context import ForkServerContext

import pytest


@pytest.fixture(scope="session")
def server() -> ForkServerContext:
    """Forks children that have imported everything and opened nothing: quick, and safe to fork.

    Python has one such server in a process, and it imports what the first to start it asked for.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.preloaded"])
    return context
