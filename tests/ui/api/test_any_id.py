"""An article can be put, read and removed whatever its id is; and no other one instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from kb import KnowledgeBase, open_knowledge_base
from tests.browser.conftest import served
from tests.conftest import OpenKB
from tests.ui.api.conftest import HERE
from tests.ui.api.test_questions import problem
from ui.app import build_app
from ui.remote import RemoteKnowledgeBase
from ui.wanted import article_at

HARD = ["..", ".", "a/../b", "a//b", "/", "a/", "%2F", "%2e%2e", "?x=1", "a#b", "é&=+ ", "a\\b"]
TEXT = "The ferry across the Odra has carried 900 people since June."


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Any, KnowledgeBase]]:
    """Give a client of a server that all examples share, and its knowledge base."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        kb = open_knowledge_base(folder / "kb", model="quotes", embedder="hashing")
        stack.enter_context(kb)
        client = TestClient(build_app(kb), base_url=HERE, raise_server_exceptions=False)
        yield stack.enter_context(client), kb


@given(st.one_of(st.sampled_from(HARD), st.text(min_size=1, max_size=40)))
@example("..")
@example("articles/..")
@settings(max_examples=30, deadline=None)
def test_every_id_can_be_used(shared: tuple[Any, KnowledgeBase], id: str) -> None:
    client, kb = shared
    put = client.put("/api/v1/article", params={"id": id}, json={"title": "T", "text": TEXT})
    if put.status_code == 422:
        assert not "".join(filter(str.isprintable, id)).strip(), "a line with something in it"
        return
    given = put.json()["id"]
    assert kb.article(given, exact=True).text == TEXT
    assert client.get("/api/v1/article", params={"id": given}).json()["text"] == TEXT
    assert TEXT in client.get(article_at(given)).text
    removed = client.delete("/api/v1/article", params={"id": given})
    assert [one["id"] for one in removed.json()["removed"]] == [given]
    assert problem(client.get("/api/v1/article", params={"id": given}), 404)
    assert kb.count() == 0


def test_what_is_removed_twice_takes_no_other_with_it(client: Any) -> None:
    article = {"title": "T", "text": TEXT}
    for id in ("ferry-12", "ferry-123"):
        client.put(f"/api/v1/articles/{id}", json=article)
    for path in ("/api/v1/articles/ferry-12", "/api/v1/article?id=ferry-12"):
        client.delete(path)
        assert problem(client.delete(path), 404)
        assert problem(client.get(path), 404)
    assert client.get("/api/v1/articles/ferry-123").status_code == 200
    uri = client.get("/api/v1/articles/ferry-123").json()["uri"]
    assert problem(client.delete("/api/v1/article", params={"id": uri}), 404)


@pytest.mark.parametrize("id", HARD)
def test_a_quote_of_every_article_can_be_followed(open_kb: OpenKB, id: str) -> None:
    kb = open_kb()
    known = kb.put_article(id, title="The ferry", text=TEXT).id
    asked = "How many people has the ferry across the Odra carried?"
    with served(kb) as address, RemoteKnowledgeBase(address) as remote:
        answer = remote.ask(asked)
        assert answer.citations[0].article.id == known
        assert answer.citations[0].article.text == TEXT
    client = TestClient(build_app(kb), base_url=HERE)
    said = {"model": "footnoted", "messages": [{"role": "user", "content": asked}]}
    (message,) = [
        one["message"] for one in client.post("/v1/chat/completions", json=said).json()["choices"]
    ]
    url = message["annotations"][0]["url_citation"]["url"]
    assert parse_qs(urlsplit(url).query)["id"] == [known]
    assert client.get(url).json()["text"] == TEXT
