"""What was removed by hand is seen, and let back in: over HTTP and on the Library page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.access import Access, Scope
from kb.users import Users
from tests.conftest import OpenKB
from tests.ui.api.conftest import Serve
from tests.ui.api.test_questions import problem
from ui.api import contracts
from ui.gate import Keys

ARTICLE = {"title": "The ferry", "text": "The ferry has carried 900 people since June."}


def test_what_was_removed_comes_back_with_the_next_sync(
    open_kb: OpenKB, serve: Serve, folder: Path
) -> None:
    kb = open_kb()
    client = serve(kb)
    empty = {"removed": [], "total": 0, "next": None}
    assert client.get("/api/v1/removed").json() == empty
    known = {one.id: one.uri for one in kb.articles()}
    for id in known:
        client.delete("/api/v1/article", params={"id": id})
    kb.sync(folder)
    assert client.get("/api/v1/articles").json()["total"] == 0
    first = client.get("/api/v1/removed", params={"limit": 1}).json()
    contracts.Excluded.model_validate(first)
    second = client.get("/api/v1/removed", params={"limit": 1, "after": first["next"]}).json()
    assert (first["total"], second["next"]) == (2, None)
    listed = {one["id"]: one["uri"] for one in first["removed"] + second["removed"]}
    assert listed == known
    back = client.delete("/api/v1/removed", params={"id": first["removed"][0]["id"]})
    contracts.Readmitted.model_validate(back.json())
    assert back.json()["readmitted"] == first["removed"]
    kb.sync(folder)
    (article,) = client.get("/api/v1/articles").json()["articles"]
    assert article["id"] == first["removed"][0]["id"]
    assert client.get("/api/v1/removed").json()["removed"] == second["removed"]


def test_what_was_never_removed_cannot_come_back(client: Any) -> None:
    assert problem(client.delete("/api/v1/removed", params={"id": ".."}), 404)
    assert problem(client.delete("/api/v1/removed"), 422)
    assert problem(client.get("/api/v1/removed", params={"after": "%%%"}), 422)


def test_the_page_shows_it_to_all_and_gives_it_back_to_who_may(
    open_kb: OpenKB, serve: Serve, access: Access, users: Users
) -> None:
    kb = open_kb()
    id = kb.put_article("<b>..", title="T", text=ARTICLE["text"]).id
    client = serve(kb, keys=Keys(access, users))
    headers = {
        scope: {"Authorization": f"Bearer {access.create('program', scope)[0]}"} for scope in Scope
    }
    read = client.get("/library/removed", headers=headers[Scope.READ]).text
    assert "No article was removed" in read
    kb.remove([id])
    for scope in Scope:
        read = client.get("/library/removed", headers=headers[scope]).text
        assert "<b>" not in read
        assert "&lt;b&gt;.." in read
        assert ("Take back" in read) == (scope >= Scope.WRITE)
        told = client.delete("/api/v1/removed?id=none", headers=headers[scope])
        assert told.status_code == (404 if scope >= Scope.WRITE else 403)
        assert 'href="/library/removed"' in client.get("/library", headers=headers[scope]).text
