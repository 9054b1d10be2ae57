"""The tokenizer of the real local model, through its runtime's server on a private Unix socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

__all__ = ["Tokenizer", "tokenizer"]

ORDINARY = 151_643
"""Tokens of Qwen2.5 that are text; those with a higher number control."""

_KEY = "tests"


class _Connection(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


class Tokenizer:
    """Turns conversations into tokens, as the runtime does before a model reads them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def control(self, messages: Sequence[Mapping[str, str]]) -> list[int]:
        """Return the control tokens of a conversation, in order."""
        prompt = self._ask("/apply-template", {"messages": [*messages]})["prompt"]
        said = {"content": prompt, "parse_special": True}
        return [token for token in self._ask("/tokenize", said)["tokens"] if token >= ORDINARY]

    def _ask(self, path: str, body: Mapping[str, object]) -> Any:
        connection = _Connection(self._path)
        try:
            connection.request(
                "POST",
                path,
                json.dumps(body),
                {"Authorization": f"Bearer {_KEY}", "Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status == 200, said
            return json.loads(said)
        finally:
            connection.close()


@contextmanager
def tokenizer(model: Path, folder: Path) -> Iterator[Tokenizer]:
    """Load a model file, and give its tokenizer while the block runs."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx = 512
    params.n_parallel = 1
    params.verbosity = 0
    params.cache_ram_mib = 0
    params.warmup = params.ui = False
    params.api_keys = [_KEY]
    params.hostnames = [str(folder / "x.sock")]
    server = xllamacpp.Server(params)
    yield Tokenizer(folder / "x.sock")
    del server
