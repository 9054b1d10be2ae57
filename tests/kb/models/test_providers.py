"""The models behind servers, against servers that speak their protocols and fail in every way."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest

from kb.errors import ModelError, ModelUnavailable, ReplyCut
from kb.models import open_llm
from kb.models.stream import stream_text
from tests.kb.models.conftest import Choice
from tests.kb.models.fake_server import WORDS, FakeServer

PROVIDERS = ("openai", "ollama", "anthropic")
every_provider = pytest.mark.parametrize("provider", PROVIDERS)


def ask(provider: str, server: FakeServer, *, timeout: float = 5.0) -> list[str]:
    from llama_index.core.llms import ChatMessage, MessageRole

    base = f"{server.address}/v1" if provider == "openai" else server.address
    llm = open_llm(f"{provider}:m", Choice(base_url=base, timeout=timeout))
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content="Be brief."),
        ChatMessage(role=MessageRole.USER, content="What did Kyiv say?"),
    ]
    with closing(llm):
        return list(stream_text(llm, messages))


@every_provider
def test_the_new_pieces_come_one_by_one(provider: str, server: FakeServer) -> None:
    assert tuple(piece for piece in ask(provider, server) if piece) == WORDS
    assert "What did Kyiv say?" in str(server.requests[0]["messages"])


@every_provider
def test_the_key_is_sent_only_where_one_belongs(provider: str, server: FakeServer) -> None:
    ask(provider, server)
    sent = server.headers[0]
    found = {"openai": sent.get("authorization"), "anthropic": sent.get("x-api-key")}
    expected = {"openai": "Bearer a-key", "anthropic": "a-key"}
    assert found.get(provider) == expected.get(provider)


@every_provider
def test_a_refused_key_is_told_without_the_key(provider: str, server: FakeServer) -> None:
    server.mode = "401"
    with pytest.raises(ModelError, match=f"{server.address}.*refused the key") as caught:
        ask(provider, server)
    assert "a-key" not in str(caught.value)
    assert caught.value.__cause__ is not None


@every_provider
def test_an_unknown_model_is_told_by_name(provider: str, server: FakeServer) -> None:
    server.mode = "404"
    with pytest.raises(ModelError, match="has no model 'm'"):
        ask(provider, server)


@every_provider
def test_a_refused_request_tells_why(provider: str, server: FakeServer) -> None:
    server.mode = "400"
    with pytest.raises(ModelError, match=f"{server.address}.*no, because"):
        ask(provider, server)


@every_provider
@pytest.mark.parametrize("mode", ["500", "429", "drop", "cut", "silent"])
def test_a_failing_server_is_unavailable(provider: str, mode: str, server: FakeServer) -> None:
    server.mode = mode
    with pytest.raises(ModelUnavailable, match=server.address):
        ask(provider, server)


@every_provider
def test_a_hanging_server_is_given_up(provider: str, server: FakeServer) -> None:
    server.mode = "hang"
    begun = time.monotonic()
    with pytest.raises(ModelUnavailable, match=f"{server.address}.*in time"):
        ask(provider, server, timeout=0.3)
    assert time.monotonic() - begun < 30


@every_provider
def test_a_server_that_is_silent_for_too_long_is_left(provider: str, server: FakeServer) -> None:
    from llama_index.core.llms import ChatMessage

    server.mode = "hang"
    base = f"{server.address}/v1" if provider == "openai" else server.address
    llm = open_llm(f"{provider}:m", Choice(base_url=base))
    with pytest.raises(ReplyCut, match="did not come to an end"):
        list(stream_text(llm, [ChatMessage(content="hello")], most_seconds=0))
    llm.close()


@every_provider
def test_a_server_that_is_not_there_is_unavailable(provider: str, server: FakeServer) -> None:
    nobody = replace(server, address="http://127.0.0.1:9")
    with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1:9.*cannot be reached"):
        ask(provider, nobody)


@every_provider
def test_an_empty_reply_is_an_error(provider: str, server: FakeServer) -> None:
    server.mode = "empty"
    with pytest.raises(ModelError, match="empty reply"):
        ask(provider, server)


@every_provider
def test_bad_utf8_is_an_error_or_marked(provider: str, server: FakeServer) -> None:
    server.mode = "bad-utf8"
    try:
        outcome = "".join(ask(provider, server))
    except ModelError as exc:
        outcome = str(exc)
    assert server.address in outcome or "\N{REPLACEMENT CHARACTER}" in outcome


@every_provider
def test_a_closed_stream_leaves_nothing_running(provider: str, server: FakeServer) -> None:
    from llama_index.core.llms import ChatMessage

    base = f"{server.address}/v1" if provider == "openai" else server.address
    llm = open_llm(f"{provider}:m", Choice(base_url=base))
    before = threading.active_count()
    pieces = stream_text(llm, [ChatMessage(content="hello")])
    assert any(pieces)  # goes on to the first piece that is not empty
    pieces.close()  # type: ignore[attr-defined]  # it is a generator
    llm.close()
    deadline = time.monotonic() + 60
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() <= before


def test_a_password_in_an_address_is_not_shown(server: FakeServer) -> None:
    server.mode = "500"
    secret = replace(server, address=server.address.replace("//", "//me:hidden@"))
    with pytest.raises(ModelUnavailable) as caught:
        ask("openai", secret)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["", "nobody", "nobody:x", "ollama", "openai:", "gguf:", "local:x", "quotes"]
)
def test_an_unknown_name_is_told_with_the_choices(name: str) -> None:
    with pytest.raises(ModelError, match="gguf:PATH, ollama:NAME"):
        open_llm(name, Choice())


@pytest.mark.parametrize(
    ("provider", "key"), [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")]
)
def test_a_missing_key_is_named(provider: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(key, raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(ModelError, match=key):
        open_llm(f"{provider}:m", Choice(api_key=None))


@pytest.mark.parametrize(
    ("provider", "library"),
    [
        ("openai", "llama_index.llms.openai_like"),
        ("ollama", "llama_index.llms.ollama"),
        ("anthropic", "llama_index.llms.anthropic"),
    ],
)
def test_a_missing_extra_is_named(
    provider: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, f"kb.models.{provider}", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModelError, match=rf'pip install "footnoted\[{provider}\]"'):
        open_llm(f"{provider}:m", Choice())


def test_local_without_its_file_says_how_to_get_it() -> None:
    with pytest.raises(ModelError, match="kb models pull qwen2"):
        open_llm("local", Choice())


def test_a_gguf_path_that_is_not_there_is_told() -> None:
    with pytest.raises(ModelError, match="no-such-file"):
        open_llm("gguf:no-such-file.gguf", Choice())
