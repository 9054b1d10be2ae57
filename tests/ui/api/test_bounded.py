"""A request that is too large is refused by its bytes, at every door, however it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import OpenKB
from tests.ui.api.conftest import HERE
from tests.ui.api.test_questions import COST, problem
from ui.api.service import Limits
from ui.app import build_app

MOST = 2_000
JSON = {"Content-Type": "application/json"}
SPOKEN = {**JSON, "Accept": "application/json, text/event-stream"}
DOORS = [
    ("POST", "/api/v1/ask"),
    ("POST", "/api/v1/search"),
    ("POST", "/api/v1/cite"),
    ("PUT", "/api/v1/articles/ferry"),
    ("POST", "/api/v1/sync"),
    ("POST", "/api/v1/conversations"),
    ("PUT", "/api/v1/feedback"),
    ("POST", "/mcp/"),
    ("POST", "/gradio_api/queue/join"),
]


@pytest.fixture
def small(open_kb: OpenKB) -> Iterator[Any]:
    """Return a client of a server that takes small requests only; what the server raises fails."""
    app = build_app(open_kb(), limits=Limits(body=MOST, upload=MOST))
    with TestClient(app, base_url=HERE) as client:
        yield client


def padded(size: int, **body: object) -> bytes:
    """Return JSON of so many bytes."""
    told = json.dumps(body).encode()
    return told + b" " * (size - len(told))


def in_pieces(data: bytes) -> Iterator[bytes]:
    """Give a body in pieces, which is sent without its length."""
    for begin in range(0, len(data), 700):
        yield data[begin : begin + 700]


@pytest.mark.parametrize("pieces", [False, True])
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_what_is_too_large_is_refused(small: Any, method: str, path: str, pieces: bool) -> None:
    data = padded(MOST + 1, question=COST)
    sent = in_pieces(data) if pieces else data
    answer = small.request(method, path, content=sent, headers=SPOKEN)
    assert ("content-length" in answer.request.headers) is not pieces
    assert f"{MOST:,} bytes" in problem(answer, 413)


@pytest.mark.parametrize("pieces", [False, True])
def test_what_is_not_is_answered(small: Any, pieces: bool) -> None:
    data = padded(MOST, question=COST)
    sent = in_pieces(data) if pieces else data
    assert small.post("/api/v1/ask", content=sent, headers=JSON).json()["refusal"] is None


@pytest.mark.parametrize("pieces", [False, True])
def test_clients_of_openai_are_told_in_their_words(small: Any, pieces: bool) -> None:
    data = padded(MOST + 1, model="footnoted", messages=[{"role": "user", "content": COST}])
    sent = in_pieces(data) if pieces else data
    answer = small.post("/v1/chat/completions", content=sent, headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_form_is_not_kept_if_it_is_too_large(small: Any) -> None:
    files = {"file": ("ferry.txt", b"x" * 1_000_000)}
    assert problem(small.post("/api/v1/uploads", files=files), 413)
    assert small.get("/api/v1/articles").json()["total"] == 2


@pytest.mark.parametrize("length", ["9" * 5_000, str(MOST + 1)])
def test_a_length_that_is_told_is_enough(small: Any, length: str) -> None:
    answer = small.post("/api/v1/ask", content=b"{}", headers={**JSON, "Content-Length": length})
    assert problem(answer, 413)


def test_the_openapi_document_says_so(small: Any) -> None:
    told = small.get("/api/v1/openapi.json").json()
    assert f"{MOST:,} bytes" in told["info"]["description"]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                assert "413" in operation["responses"], (method, path)
