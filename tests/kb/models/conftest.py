"""What the tests of the models share: settings, and the real model file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pytest

from kb.errors import ModelError
from kb.models.weights import LOCAL, verified
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


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder with the real local model; without it a skip, and a failure where CI=true."""
    usual = Path(platformdirs.user_data_dir("footnoted")) / "models"
    folder = Path(os.environ.get("KB_MODELS_DIR") or usual)
    try:
        verified(LOCAL, folder)
    except ModelError as exc:
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real model is needed here: {exc}")
        pytest.skip(str(exc))
    return folder
