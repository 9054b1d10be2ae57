"""A client on loopback, and what tests say of what it refuses."""

from __future__ import annotations

import threading
from typing import BinaryIO

import pytest

from index.errors import ReadError
from index.sources.fetch import Client, Limits
from tests.index.sources.site import Clock, Page


def client(clock: Clock, **limits: float) -> Client:
    """Return one with these limits that may go everywhere."""
    bounds = Limits(**limits)  # type: ignore[arg-type]  # whole numbers where they must be
    return Client(allow_private=True, limits=bounds, clock=clock, sleep=clock.sleep)


def refusal(client: Client, url: str) -> str:
    """Return why a page is not read, in one line."""
    with pytest.raises(ReadError) as refused:
        client.get(url)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def redirect(where: str, status: int = 302) -> Page:
    """Return an answer that leads elsewhere."""
    return Page(status=status, headers={"Location": where})


def zeros(file: BinaryIO, _ended: threading.Event) -> None:
    """Send a body without end."""
    while True:
        file.write(bytes(65536))
