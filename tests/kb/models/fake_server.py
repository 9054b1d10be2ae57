"""A server on loopback that speaks the streaming protocols of OpenAI, Ollama and Anthropic."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, cycle
from typing import Any

WORDS = ("Kyiv said", " so", " [1].")


def _sse(*events: object, names: bool = False) -> list[bytes]:
    lines = []
    for event in events:
        name = f"event: {event['type']}\n" if names and isinstance(event, dict) else ""
        data = event if isinstance(event, str) else json.dumps(event)
        lines.append(f"{name}data: {data}\n\n".encode())
    return lines


Stream = tuple[list[bytes], list[bytes], list[bytes]]
"""What comes before the words, the words, and what comes after."""


def openai_stream(words: tuple[str, ...], reason: str) -> Stream:
    """Return the chunks of a chat completion."""

    def chunk(delta: dict[str, str], finish: str | None = None) -> dict[str, object]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return {**head, "choices": [choice]}

    said = (chunk({"content": word}) for word in words)
    opened = chunk({"role": "assistant", "content": ""})
    return _sse(opened), _sse(*said), _sse(chunk({}, reason), "[DONE]")


def ollama_stream(words: tuple[str, ...], reason: str) -> Stream:
    """Return the lines of a chat."""
    head = {"model": "m", "created_at": "2024-08-20T00:00:00Z"}
    said = [{**head, "message": {"role": "assistant", "content": w}, "done": False} for w in words]
    last = {**head, "message": {"role": "assistant", "content": ""}, "done": True}
    last |= {"done_reason": reason, "prompt_eval_count": 5, "eval_count": 3}
    lines = [json.dumps(line).encode() + b"\n" for line in (*said, last)]
    return [], lines[:-1], lines[-1:]


def anthropic_stream(words: tuple[str, ...], reason: str) -> Stream:
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
    why = {"stop": "end_turn", "length": "max_tokens"}[reason]
    stop = {"stop_reason": why, "stop_sequence": None}
    block = {"type": "text", "text": ""}
    before = (
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "ping"},
    )
    after = (
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": 3}},
        {"type": "message_stop"},
    )
    return _sse(*before, names=True), _sse(*deltas, names=True), _sse(*after, names=True)


STREAMS: dict[str, Callable[[tuple[str, ...], str], Stream]] = {
    "/v1/chat/completions": openai_stream,
    "/api/chat": ollama_stream,
    "/v1/messages": anthropic_stream,
}
TOO_LONG = {
    "/v1/chat/completions": "This model's maximum context length is 2048 tokens.",
    "/api/chat": "the input length exceeds the context length",
    "/v1/messages": "prompt is too long: 9000 tokens > 2048 maximum",
}


@dataclass
class FakeServer:
    """A running server.

    Attributes:
        mode: ``ok``, a status as text, ``hang``, ``drop``, ``cut``, ``empty``, ``silent``,
            ``bad-utf8``, ``length`` (it says that it was cut off), ``endless`` (its words again and
            again) or ``too-long`` (so it says of the first prompt).
        words: What it says.
        first: What it says the first time, if that is something else.
        requests: The bodies that were sent to it.
        left: Set when a client has closed the connection while it was being answered.
        released: Lets go of those that hang.
    """

    address: str
    mode: str = "ok"
    words: tuple[str, ...] = WORDS
    first: tuple[str, ...] = ()
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
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
        head, said, tail = STREAMS[self.path](
            () if mode == "empty" else self._words(), "length" if mode == "length" else "stop"
        )
        if mode.isdigit():
            self._refuse(int(mode), "no, because")
        elif mode == "too-long" and len(self.fake.requests) == 1:
            self._refuse(400, TOO_LONG[self.path])
        elif mode == "hang":
            self.fake.released.wait(60)
        elif mode == "silent":
            self._stream([])
        elif mode in ("drop", "cut"):
            self._stream([*head, *said[: (len(said) + 1) // 2]], whole=mode == "cut")
        elif mode == "bad-utf8":
            lines = [line.replace(b" so", b" \xff\xfe") for line in said]
            self._stream([*head, *lines, *tail])
        elif mode == "endless":
            self._stream(chain(head, cycle(said)))
        else:
            self._stream([*head, *said, *tail])

    def _words(self) -> tuple[str, ...]:
        again = len(self.fake.requests) > 1
        return self.fake.words if again or not self.fake.first else self.fake.first

    def _refuse(self, status: int, why: str) -> None:
        body = json.dumps({"error": {"message": why, "type": "invalid"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, lines: Iterable[bytes], whole: bool = True) -> None:
        kind = "application/x-ndjson" if self.path == "/api/chat" else "text/event-stream"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for line in lines:
                self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
            if whole:
                self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            self.fake.left.set()

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
