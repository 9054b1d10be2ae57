"""The OpenAPI document is true: schemathesis asks everything it describes, right and wrong."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from kb import open_knowledge_base
from ui.api.service import Limits
from ui.app import build_app

ARTICLE = "# The ferry\n\nThe ferry across the Odra has carried 900 people since June.\n"


@pytest.fixture(scope="module")
def described() -> Iterator[Any]:
    """Return the API of a server with one article, as it describes itself."""
    folder = Path(tempfile.mkdtemp())
    (folder / "news").mkdir()
    (folder / "news" / "ferry.md").write_text(ARTICLE, "utf-8")
    with open_knowledge_base(folder / "kb", model="quotes", embedder="hashing") as kb:
        kb.sync(folder / "news")
        kb.conversations.create(kb.ask("How many people has the ferry carried?"))
        app = build_app(kb, limits=Limits(requests=1_000_000))
        schema = schemathesis.openapi.from_asgi(
            "/api/v1/openapi.json", app, headers={"Host": "127.0.0.1"}
        )
        yield schema
        app.state.service.syncs.close()
    shutil.rmtree(folder)


OPERATIONS = 33


def test_what_is_described_is_so(described: Any) -> None:
    operations = [one.ok() for one in described.get_all_operations()]
    assert len(operations) >= OPERATIONS
    for operation in operations:
        held(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        with suppress(Unsatisfiable):  # nothing that could be wrong is sent with some
            held(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


def held(cases: Any) -> None:
    """Ask what is described, or what by the description cannot be, and validate what comes."""

    @given(cases)
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Any) -> None:
        # What a schema allows may still make no sense: a question without a word in it. And in a
        # query, what is no list reads as a list of one.
        but = [positive_data_acceptance]
        if case.operation.path == "/articles":
            but.append(negative_data_rejection)
        case.call_and_validate(headers={"Host": "127.0.0.1"}, excluded_checks=but)

    asked()
