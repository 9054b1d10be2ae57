"""A server in this process over two small articles, without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kb import KnowledgeBase
from kb.access import Access
from kb.users import Users
from tests.conftest import OpenKB
from ui.api.service import Limits
from ui.app import build_app
from ui.gate import Keys

HERE = "http://127.0.0.1:7860"
Serve = Callable[..., Any]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve a knowledge base; return a client of it."""
    from starlette.testclient import TestClient

    with ExitStack() as stack:

        def start(
            kb: KnowledgeBase,
            keys: Keys | None = None,
            limits: Limits | None = None,
            base_url: str = HERE,
            **options: Any,
        ) -> Any:
            app = build_app(kb, keys=keys, limits=limits, **options)
            client = TestClient(app, base_url=base_url, raise_server_exceptions=False)
            return stack.enter_context(client)

        yield start


@pytest.fixture
def client(open_kb: OpenKB, serve: Serve) -> Any:
    """Return a client of a server that asks nobody who they are."""
    return serve(open_kb())


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    """Return an empty store of tokens."""
    opened = Access(tmp_path / "access.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def users(tmp_path: Path) -> Users:
    """Return two users, eva who may read and write, and jan who may read."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    path = tmp_path / "users"
    lines = [
        f"{name}:{scope}:{quick.hash(f'the password of {name}')}"
        for name, scope in (("eva", "write"), ("jan", "read"))
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return Users(path)
