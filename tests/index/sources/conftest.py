"""What tests of the web share: a site on loopback, a clock that only sleeping moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.index.sources.site import Clock, Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()
