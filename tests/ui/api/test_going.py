"""Who goes away while a question is answered frees the place and stops the model."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kb import open_knowledge_base
from kb.evidence import Evidence
from kb.protocols import Piece
from ui.api.service import Service
from ui.app import build_app

COST = "How much will the repair of the bridge at Ostrava cost?"
PATIENCE = 30.0


class Endless:
    """Writes for ever, until its iterator is closed."""

    name, budget = "endless", 300

    def __init__(self) -> None:
        self.begun, self.stopped = threading.Event(), threading.Event()

    def write(self, question: str, evidence: Sequence[Evidence]) -> Generator[Piece, None, None]:
        self.begun.set()
        try:
            while True:
                yield " "
                self.stopped.wait(0.01)
        finally:
            self.stopped.set()

    def close(self) -> None:
        """Free nothing."""


@pytest.fixture
def writer() -> Endless:
    return Endless()


@pytest.fixture
def address(tmp_path: Path, folder: Path, writer: Endless) -> Iterator[tuple[str, Service]]:
    """Serve a knowledge base whose model never ends; give its address and its shared state."""
    import uvicorn

    options: dict[str, Any] = {"embedder": "hashing", "min_similarity": 0.1, "writer": writer}
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, open_knowledge_base(tmp_path / "kb", **options) as kb:
        kb.sync(folder)
        app = build_app(kb)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}", app.state.service
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/ask", {"question": COST}),
        (
            "/v1/chat/completions",
            {"model": "footnoted", "messages": [{"role": "user", "content": COST}]},
        ),
        (
            "/v1/chat/completions",
            {"model": "footnoted", "messages": [{"role": "user", "content": COST}], "stream": True},
        ),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_the_model_stops_and_the_place_is_free(
    address: tuple[str, Service], writer: Endless, path: str, body: dict[str, Any], accept: str
) -> None:
    place, service = address
    client = http.client.HTTPConnection(place, timeout=PATIENCE)
    headers = {"Content-Type": "application/json", "Accept": accept}
    client.request("POST", path, json.dumps(body), headers)
    assert writer.begun.wait(PATIENCE)
    assert service.desk.served == 1
    client.close()
    assert writer.stopped.wait(PATIENCE)
    for _ in range(int(PATIENCE * 10)):
        if service.desk.served == 0:
            break
        time.sleep(0.1)
    assert service.desk.served == 0
