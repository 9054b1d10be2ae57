"""ask, search and cite over HTTP: the same answers as elsewhere, and clear errors."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenKB
from tests.ui.api.conftest import Serve
from ui.api import answers, contracts
from ui.api.service import Limits
from ui.wire import answer_json

COST = "How much will the repair of the bridge at Ostrava cost?"


def problem(answer: Any, status: int) -> str:
    """Hold a response to be a problem, and return what it says."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = contracts.Problem.model_validate(answer.json())
    assert told.status == status
    return told.detail


def events(text: str) -> list[tuple[str, Any]]:
    """Return the events of a stream, without its comments."""
    found = []
    for block in text.strip().split("\n\n"):
        if not block.startswith(":"):
            name, data = block.split("\n")
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer[key] for key in answer if key != "timings"}


def test_an_answer_is_that_of_the_knowledge_base(open_kb: OpenKB, serve: Serve) -> None:
    kb = open_kb()
    answer = serve(kb).post("/api/v1/ask", json={"question": COST})
    assert answer.status_code == 200
    told = answer.json()
    answers.Answer.model_validate(told)
    assert without_times(told) == without_times(json.loads(json.dumps(answer_json(kb.ask(COST)))))
    assert told["citations"][0]["quote"] == "The repair will cost 3.2 million euros."


def test_a_stream_ends_with_the_same_answer(client: Any) -> None:
    headers = {"Accept": "text/event-stream"}
    streamed = client.post("/api/v1/ask", json={"question": COST}, headers=headers)
    assert streamed.headers["content-type"].startswith("text/event-stream")
    told = events(streamed.text)
    names = [name for name, _ in told]
    assert names[0] == "found"
    assert names[-1] == "answer"
    assert set(names[1:-1]) == {"delta"}
    answer = told[-1][1]
    assert "".join(data["text"] for name, data in told if name == "delta") == answer["text"]
    whole = client.post("/api/v1/ask", json={"question": COST}).json()
    assert without_times(answer) == without_times(whole)


def test_what_to_ask_next_is_asked_with_the_answer(open_kb: OpenKB, serve: Serve) -> None:
    kb = open_kb()
    client = serve(kb)
    answer = client.post("/api/v1/ask", json={"question": COST}).json()
    told = client.post("/api/v1/suggestions", json={"answer": answer, "limit": 2})
    assert told.status_code == 200
    answers.Suggestions.model_validate(told.json())
    suggested = told.json()["suggestions"]
    assert suggested == kb.suggestions(kb.ask(COST), 2)
    assert suggested
    later = {**answer, "scope": {**answer["scope"], "since": "2030-01-01"}}
    stored = {**later, "asked_at": "2024-03-05T10:00:00Z"}
    again = client.post("/api/v1/suggestions", json={"answer": stored})
    assert again.json() == {"suggestions": []}


def test_what_is_no_answer_has_no_suggestions(client: Any) -> None:
    answer = client.post("/api/v1/ask", json={"question": COST}).json()
    neither = {**answer, "citations": [], "refusal": None}
    told = client.post("/api/v1/suggestions", json={"answer": neither})
    assert "this is no answer" in problem(told, 422)


def test_a_refusal_is_an_answer(client: Any) -> None:
    asked = {"question": "Who won the chess championship in Reykjavik?"}
    told = client.post("/api/v1/ask", json=asked).json()
    assert told["refusal"] == "no_evidence"
    assert told["citations"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "x" * 5_000},
        {"question": COST, "since": "yesterday-ish"},
        {"question": COST, "colour": "red"},
        {"question": 7},
        [],
    ],
)
@pytest.mark.parametrize("path", ["ask", "search"])
def test_what_cannot_be_asked_is_told(client: Any, path: str, body: Any) -> None:
    assert problem(client.post(f"/api/v1/{path}", json=body), 422)


def test_blanks_are_no_question(client: Any) -> None:
    assert "empty" in problem(client.post("/api/v1/ask", json={"question": "  "}), 422)


def test_a_search_has_the_contract_of_the_command_line(client: Any) -> None:
    asked = {"question": "bridge", "limit": 1, "sources": ["Sample Post"], "explain": True}
    found = client.post("/api/v1/search", json=asked).json()
    answers.Hits.model_validate(found)
    (hit,) = found["hits"]
    assert hit["article"]["title"] == "The bridge at Ostrava"
    nothing = client.post("/api/v1/search", json={**asked, "as_of": "2020-01-01"}).json()
    assert nothing["hits"] == []


def test_a_text_gets_its_citations(client: Any) -> None:
    text = "The repair will cost 3.2 million euros. It will cost 9 million euros."
    cited = client.post("/api/v1/cite", json={"text": text}).json()
    answers.Cited.model_validate(cited)
    assert cited["sentences"][0]["verdict"] == "supported"


def test_a_conversation_keeps_what_was_streamed(client: Any) -> None:
    begun = client.post("/api/v1/conversations", json={})
    assert begun.status_code == 201
    id = begun.json()["id"]
    first = client.post("/api/v1/ask", json={"question": COST, "conversation": id}).json()
    client.post("/api/v1/ask", json={"question": "And when does it begin?", "conversation": id})
    kept = client.get(f"/api/v1/conversations/{id}").json()
    answers.Conversation.model_validate(kept)
    assert kept["answers"][0]["question"] == COST
    assert {key: kept["answers"][0][key] for key in first} == first
    assert "bridge" in kept["answers"][1]["standalone"]
    missing = {"question": COST, "conversation": "nowhere"}
    assert problem(client.post("/api/v1/ask", json=missing), 404)


def test_as_many_requests_as_may_be_are_answered(open_kb: OpenKB, serve: Serve) -> None:
    client = serve(open_kb(), limits=Limits(requests=2))
    for _ in range(2):
        assert client.post("/api/v1/search", json={"question": "bridge"}).status_code == 200
    refused = client.post("/api/v1/search", json={"question": "bridge"})
    assert "2 requests" in problem(refused, 429)
    assert 0 < int(refused.headers["retry-after"]) <= 60


def test_a_full_queue_is_told(open_kb: OpenKB, serve: Serve) -> None:
    client = serve(open_kb(), limits=Limits(seats=0, waiting=0))
    refused = client.post("/api/v1/ask", json={"question": COST})
    assert "waiting" in problem(refused, 503)
    assert refused.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("door", "body", "limits"),
    [
        ("search", {"question": "bridge"}, Limits(searching=2, searches=1)),
        ("cite", {"text": "The bridge at Ostrava will be repaired."}, Limits(citing=2, waiting=1)),
    ],
)
def test_long_work_waits_without_keeping_others_out_and_too_much_is_told(
    open_kb: OpenKB,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    door: str,
    body: dict[str, str],
    limits: Limits,
) -> None:
    kb = open_kb()
    client = serve(kb, limits=limits)
    go, work = threading.Event(), getattr(kb, door)

    def slowly(*asked: Any, **wanted: Any) -> Any:
        assert go.wait(60)
        return work(*asked, **wanted)

    monkeypatch.setattr(kb, door, slowly)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(client.post, f"/api/v1/{door}", json=body) for _ in range(4)]
        try:
            refused = next(as_completed(asked, timeout=60)).result()
            assert "ask again soon" in problem(refused, 503)
            assert client.get("/api/v1/articles").status_code == 200
            assert client.post("/api/v1/ask", json={"question": COST}).status_code == 200
        finally:
            go.set()
        assert sorted(one.result(60).status_code for one in asked) == [200, 200, 200, 503]


def test_a_model_that_fails_is_a_problem_with_its_reason(open_kb: OpenKB, serve: Serve) -> None:
    kb = open_kb(model="openai:m", base_url="http://127.0.0.1:9", api_key="k", fallback="none")
    client = serve(kb)
    told = problem(client.post("/api/v1/ask", json={"question": COST}), 503)
    assert "127.0.0.1:9" in told
    streamed = client.post(
        "/api/v1/ask", json={"question": COST}, headers={"Accept": "text/event-stream"}
    )
    assert [name for name, _ in events(streamed.text)] == ["found", "problem"]


def test_paths_that_are_not_there_are_problems(client: Any) -> None:
    assert problem(client.get("/api/v1/nothing"), 404)
    assert problem(client.get("/api/v1/ask"), 405)


def test_a_model_is_chosen_of_those_that_are_listed(
    open_kb: OpenKB, serve: Serve, tmp_path: Path
) -> None:
    dead = {"base_url": "http://127.0.0.1:9", "models_dir": tmp_path}
    client = serve(open_kb(model="ollama:tiny", **dead))
    listed = client.get("/api/v1/models").json()
    contracts.Models.model_validate(listed)
    assert [one["name"] for one in listed["models"]] == ["ollama:tiny", "quotes"]
    told = client.post("/api/v1/ask", json={"question": COST, "model": "quotes"}).json()
    assert (told["model"], told["notes"]) == ("quotes", [])
    other = client.post("/api/v1/ask", json={"question": COST, "model": "gguf:/etc/passwd"})
    assert "choose one of ollama:tiny, quotes" in problem(other, 422)


def test_a_question_is_asked_of_a_collection(open_kb: OpenKB, serve: Serve, folder: Path) -> None:
    (folder / "town").mkdir()
    (folder / "bridge.md").rename(folder / "town" / "bridge.md")
    client = serve(open_kb())
    listed = client.get("/api/v1/collections").json()
    contracts.Collections.model_validate(listed)
    assert listed["collections"] == [
        {"name": "news", "articles": 2},
        {"name": "news/town", "articles": 1},
    ]
    asked = {"question": "What is in the Odra?", "collections": ["news/town"]}
    found = client.post("/api/v1/search", json=asked).json()["hits"]
    assert {hit["article"]["title"] for hit in found} == {"The bridge at Ostrava"}
    nowhere = {"question": COST, "collections": ["/etc"]}
    told = client.post("/api/v1/ask", json=nowhere).json()
    assert told["text"] == "No article is in '/etc'; there are news, news/town."
