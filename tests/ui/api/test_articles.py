"""Articles over HTTP: listed page by page, put, handed in, removed; nothing half done."""

from __future__ import annotations

from typing import Any

import pytest

from kb import Filter
from tests.conftest import OpenKB
from tests.ui.api.conftest import Serve
from tests.ui.api.test_questions import problem
from ui.api import answers, contracts
from ui.api.service import Limits

ARTICLE = {
    "title": "The ferry",
    "text": "The ferry across the Odra has carried 900 people since June.",
    "source": "Sample Wire",
    "published_at": "2024-07-01",
}
ASKED = {"question": "How many people has the ferry across the Odra carried?"}


def test_articles_are_listed_page_by_page(client: Any) -> None:
    first = client.get("/api/v1/articles", params={"limit": 1, "order": "title"}).json()
    contracts.Articles.model_validate(first)
    assert (first["total"], len(first["articles"])) == (2, 1)
    second = client.get(
        "/api/v1/articles", params={"limit": 1, "order": "title", "after": first["next"]}
    ).json()
    assert second["next"] is None
    titles = [one["title"] for one in first["articles"] + second["articles"]]
    assert titles == sorted(titles) == ["Otters return to the Odra", "The bridge at Ostrava"]


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ({"text": "otters"}, ["Otters return to the Odra"]),
        ({"source": "sample post"}, ["The bridge at Ostrava"]),
        ({"since": "2024-03-06"}, []),
    ],
)
def test_a_list_can_be_of_some_only(client: Any, wanted: dict[str, str], titles: list[str]) -> None:
    found = client.get("/api/v1/articles", params=wanted).json()
    assert [one["title"] for one in found["articles"]] == titles
    assert found["total"] == len(titles)


@pytest.mark.parametrize(
    "wanted", [{"limit": "0"}, {"after": "%%%"}, {"since": "soon"}, {"order": "colour"}]
)
def test_what_no_list_can_be_is_told(client: Any, wanted: dict[str, str]) -> None:
    assert problem(client.get("/api/v1/articles", params=wanted), 422)


def test_an_article_is_put_read_found_and_removed(client: Any) -> None:
    for _ in range(2):  # doing it again changes nothing
        put = client.put("/api/v1/articles/ferry", json=ARTICLE)
        assert put.status_code == 200
        assert put.json()["id"] == "ferry"
    assert client.get("/api/v1/articles").json()["total"] == 3
    read = client.get("/api/v1/articles/ferry").json()
    contracts.Article.model_validate(read)
    assert read["text"] == ARTICLE["text"]
    answer = client.post("/api/v1/ask", json=ASKED).json()
    assert answer["citations"][0]["article"]["id"] == "ferry"
    removed = client.delete("/api/v1/articles/ferry")
    assert [one["id"] for one in removed.json()["removed"]] == ["ferry"]
    assert problem(client.get("/api/v1/articles/ferry"), 404)
    assert problem(client.delete("/api/v1/articles/ferry"), 404)


def test_what_was_removed_can_be_put_again(client: Any) -> None:
    client.put("/api/v1/articles/ferry", json=ARTICLE)
    client.delete("/api/v1/articles/ferry")
    assert client.put("/api/v1/articles/ferry", json=ARTICLE).status_code == 200
    assert client.get("/api/v1/articles/ferry").status_code == 200


def test_what_says_the_same_as_what_was_removed_can_be_put(open_kb: OpenKB, serve: Serve) -> None:
    kb = open_kb()
    client = serve(kb)
    client.put("/api/v1/articles/ferry", json=ARTICLE)
    client.delete("/api/v1/articles/ferry")
    (bridge,) = kb.articles(Filter.of(sources=["Sample Post"]))
    kb.remove([bridge.id])
    for id in ("other", bridge.id):
        put = client.put("/api/v1/articles/" + id, json=ARTICLE)
        assert (put.status_code, put.json()["id"]) == (200, id)
    assert set(kb.excluded()) == {"ferry"}, "and what was removed from elsewhere stays out"


@pytest.mark.parametrize(
    "body", [{}, {"title": "T"}, {"title": "T", "text": " "}, {**ARTICLE, "published_at": "soon"}]
)
def test_what_is_no_article_changes_nothing(client: Any, body: dict[str, str]) -> None:
    assert problem(client.put("/api/v1/articles/ferry", json=body), 422)
    assert client.get("/api/v1/articles").json()["total"] == 2
    client.put("/api/v1/articles/ferry", json=ARTICLE)
    assert problem(client.put("/api/v1/articles/ferry", json=body), 422)
    assert client.get("/api/v1/articles/ferry").json()["text"] == ARTICLE["text"]


def handed_in(client: Any, name: str, data: bytes) -> Any:
    return client.post("/api/v1/uploads", files={"file": (name, data)})


def test_a_document_is_handed_in_and_replaced_by_its_name(client: Any) -> None:
    first = handed_in(client, "Ferry notes.txt", b"The ferry\n\nIt carried 900 people.\n").json()
    contracts.HandedIn.model_validate(first)
    again = handed_in(client, "Ferry notes.txt", b"The ferry\n\nIt carried 950 people.\n").json()
    (article,) = again["articles"]
    assert article["id"] == first["articles"][0]["id"]
    assert "950" in client.get(f"/api/v1/articles/{article['id']}").json()["text"]
    assert client.get("/api/v1/articles").json()["total"] == 3


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ferry.exe", b"MZ"),
        ("ferry", b"text"),
        ("", b"text"),
        ("ferry.pdf", b"this is no PDF"),
        ("ferry.docx", b"PK but not really"),
        ("ferry.txt", b""),
        ("ferry.jsonl", b"{"),
    ],
)
def test_a_document_that_cannot_be_read_leaves_nothing(
    open_kb: OpenKB, serve: Serve, name: str, data: bytes
) -> None:
    kb = open_kb()
    client = serve(kb)
    assert handed_in(client, name, data).status_code == 422
    folder = kb.status().home / "uploads"
    assert not folder.exists() or not list(folder.iterdir())
    assert client.get("/api/v1/articles").json()["total"] == 2


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/etc/evil.txt", "..\\evil.txt", "évil‮.txt", "a" * 999 + ".txt"]
)
def test_a_name_is_never_a_path(open_kb: OpenKB, serve: Serve, name: str) -> None:
    kb = open_kb()
    before = {path for path in kb.status().home.parent.rglob("*") if path.is_file()}
    handed = handed_in(serve(kb), name, b"An evil title\n\nIt is only a text.\n")
    assert handed.status_code == 200
    after = {path for path in kb.status().home.parent.rglob("*") if path.is_file()}
    (new,) = {path for path in after - before if path.suffix == ".txt"}
    assert new.parent == kb.status().home / "uploads"


def test_a_document_that_is_too_large_is_refused(open_kb: OpenKB, serve: Serve) -> None:
    client = serve(open_kb(), limits=Limits(upload=10))
    assert "10 bytes" in problem(handed_in(client, "ferry.txt", b"x" * 11), 413)


def test_files_of_the_server_are_not_read(client: Any) -> None:
    secret = {"places": ["https://example.org/", "https://eva:hush@example.org/"]}
    assert "hush" not in problem(client.post("/api/v1/sync", json=secret), 400)
    assert client.get("/api/v1/sync").json()["syncs"] == []
    told = problem(client.post("/api/v1/sync", json={"places": ["/etc"]}), 400)
    assert "/etc" in told
    assert problem(client.get("/api/v1/sync/none"), 404)


def test_what_is_thought_of_an_answer_is_kept(client: Any) -> None:
    id = client.post("/api/v1/conversations", json={}).json()["id"]
    client.put("/api/v1/articles/ferry", json=ARTICLE)
    client.post("/api/v1/ask", json={**ASKED, "conversation": id})
    thumb = {"conversation": id, "number": 1}
    client.put("/api/v1/feedback", json={**thumb, "good": True})
    last = client.put("/api/v1/feedback", json={**thumb, "good": False, "reason": "late"})
    assert last.status_code == 200
    told = client.get("/api/v1/feedback").json()
    answers.Ratings.model_validate(told)
    (one,) = told["feedback"]
    assert (one["good"], one["reason"], one["question"]) == (False, "late", ASKED["question"])
    for number in (0, 2):
        wrong = client.put("/api/v1/feedback", json={**thumb, "number": number, "good": True})
        assert wrong.status_code in (404, 422)
    client.delete(f"/api/v1/conversations/{id}")
    assert client.get("/api/v1/feedback").json() == {"feedback": []}


def test_the_server_says_how_it_is(client: Any) -> None:
    assert client.get("/api/v1/alive").json() == {"status": "ok"}
    health = contracts.Health.model_validate(client.get("/api/v1/health").json())
    assert (health.articles, health.model, health.syncing) == (2, "quotes", None)
    client.post("/api/v1/ask", json=ASKED)
    counted = client.get("/api/v1/metrics").text
    assert 'footnoted_requests_total{method="POST",route="/ask",status="200"} 1.0' in counted
    assert "footnoted_articles 2.0" in counted
