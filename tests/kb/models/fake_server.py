"""A server on loopback that speaks the streaming protocols of OpenAI, Ollama and Anthropic."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = ("Kyiv said", " so", " [1].")


def _sse(*events: object, names: bool = False) -> list[bytes]:
    lines = []
    for event in events:
        name = f"event: {event['type']}\n" if names and isinstance(event, dict) else ""
        data = event if isinstance(event, str) else json.dumps(event)
        lines.append(f"{name}data: {data}\n\n".encode())
    return lines


def openai_stream(words: tuple[str, ...]) -> list[bytes]:
    """Return the chunks of a chat completion."""

    def chunk(delta: dict[str, str], finish: str | None = None) -> dict[str, object]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return {**head, "choices": [choice]}

    said = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": w}) for w in words)]
    return _sse(*said, chunk({}, "stop"), "[DONE]")


def ollama_stream(words: tuple[str, ...]) -> list[bytes]:
    """Return the lines of a chat."""
    head = {"model": "m", "created_at": "2024-08-20T00:00:00Z"}
    said = [{**head, "message": {"role": "assistant", "content": w}, "done": False} for w in words]
    last = {**head, "message": {"role": "assistant", "content": ""}, "done": True}
    last |= {"done_reason": "stop", "prompt_eval_count": 5, "eval_count": 3}
    return [json.dumps(line).encode() + b"\n" for line in (*said, last)]


def anthropic_stream(words: tuple[str, ...]) -> list[bytes]:
    """Return the events of a message."""
    message: dict[str, object] = {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
    }
    message |= {"stop_reason": None, "stop_sequence": None}
    message |= {"usage": {"input_tokens": 5, "output_tokens": 1}}
    deltas = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": w}}
        for w in words
    ]
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    block = {"type": "text", "text": ""}
    return _sse(
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "ping"},
        *deltas,
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": 3}},
        {"type": "message_stop"},
        names=True,
    )


STREAMS: dict[str, Callable[[tuple[str, ...]], list[bytes]]] = {
    "/v1/chat/completions": openai_stream,
    "/api/chat": ollama_stream,
    "/v1/messages": anthropic_stream,
}


@dataclass
class FakeServer:
    """A running server.

    Attributes:
        mode: ``ok``, a status as text, ``hang``, ``drop``, ``cut``, ``empty``, ``silent`` or
            ``bad-utf8``.
        requests: The bodies that were sent to it.
    """

    address: str
    mode: str = "ok"
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.fake.requests.append(json.loads(body))
        self.fake.headers.append({name.lower(): value for name, value in self.headers.items()})
        mode = self.fake.mode
        self.close_connection = True
        if mode.isdigit():
            self._refuse(int(mode))
        elif mode == "hang":
            self.fake.released.wait(10)
        elif mode in ("silent", "empty"):
            words = () if mode == "empty" else None
            self._stream(STREAMS[self.path](words) if words is not None else [])
        else:
            self._stream(self._damaged(STREAMS[self.path](WORDS), mode), whole=mode != "drop")

    def _damaged(self, lines: list[bytes], mode: str) -> list[bytes]:
        if mode in ("drop", "cut"):
            return lines[: len(lines) // 2]
        if mode == "bad-utf8":
            return [line.replace(b" so", b" \xff\xfe") for line in lines]
        return lines

    def _refuse(self, status: int) -> None:
        said = json.dumps({"error": {"message": "no, because", "type": "invalid"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def _stream(self, lines: list[bytes], whole: bool = True) -> None:
        kind = "application/x-ndjson" if self.path == "/api/chat" else "text/event-stream"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in lines:
            self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        if whole:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[FakeServer]:
    """Run a fake server while the block runs."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake = FakeServer(f"http://127.0.0.1:{server.server_port}")
    handler.fake = fake  # type: ignore[attr-defined]  # made above, for this server alone
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield fake
    finally:
        fake.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
