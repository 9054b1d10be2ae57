"""What the tests of the models share: settings, and the real model file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kb.models.fake_server import FakeServer, serving


@dataclass(frozen=True)
class Choice:
    """Settings as ``open_llm`` takes them."""

    models_dir: Path = Path("no-such-folder")
    base_url: str | None = None
    api_key: str | None = "a-key"
    timeout: float = 5.0


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A fake server of all three protocols, on loopback."""
    with serving() as fake:
        yield fake
