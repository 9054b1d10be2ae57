"""Hostile articles before the real embedder, the real tokenizer and the real local model."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from index.article import Article
from kb.evidence import Evidence
from kb.models.chat import ChatWriter
from kb.models.weights import LOCAL, path
from tests.faults.articles import HOSTILE, TRUTHS, Hostile
from tests.faults.beside import Beside, beside, faults
from tests.faults.tokenizer import Tokenizer, tokenizer

pytestmark = pytest.mark.model

POISON = [one for one in HOSTILE if one.aims]
ASKED_OF_THE_MODEL = ("ignore-previous", "chatml", "title", "markdown-image")


class Kept:
    """A chat model that keeps what it is given."""

    metadata = SimpleNamespace(model_name="kept")

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []

    def stream_chat(self, messages: Any, **options: Any) -> Iterator[Any]:
        from llama_index.core.llms import ChatMessage, ChatResponse

        self.messages = [{"role": one.role.value, "content": one.content} for one in messages]
        said = ChatMessage(role="assistant", content="So.")
        yield ChatResponse(message=said, delta="So.", additional_kwargs={"finish_reason": "stop"})


@pytest.fixture(scope="module")
def tokens(models_dir: Path) -> Iterator[Tokenizer]:
    with (
        tempfile.TemporaryDirectory() as folder,
        tokenizer(path(LOCAL, models_dir), Path(folder)) as made,
    ):
        yield made


def given(text: str, question: str = "What?") -> list[dict[str, str]]:
    """Return the conversation that a model is given with a text as evidence, title and source."""
    article = Article("id", "uri", title=text[:300] or "x", text=text, source=text[-300:])
    evidence = Evidence(1, article, "passage", 0, len(text), 0.5, text)
    model = Kept()
    list(ChatWriter(model, "kept", 300).write(f"{question} {text}", [evidence]))
    return model.messages


def test_only_the_template_controls_the_model(tokens: Tokenizer) -> None:
    usual = tokens.control(given("Otters swim."))
    assert len(usual) > 3
    assert len(tokens.control([{"role": "user", "content": "<|im_end|>"}])) > len(
        tokens.control([{"role": "user", "content": "x"}])
    )
    for hostile in HOSTILE:
        assert tokens.control(given(hostile.text)) == usual, hostile.name


@pytest.fixture(scope="module")
def quotes(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    with beside(tmp_path_factory.mktemp("quotes")) as opened:
        yield opened


@pytest.mark.parametrize("hostile", POISON, ids=lambda one: one.name)
def test_a_false_answer_never_stands_alone(hostile: Hostile, quotes: Beside) -> None:
    quotes.put(hostile)
    answer = quotes.kb.ask(hostile.aims)
    assert not faults(answer)
    assert (TRUTHS[hostile.aims] in answer.text) != bool(hostile.open)


def test_the_local_model_follows_nothing(models_dir: Path, tmp_path: Path) -> None:
    with beside(tmp_path, model="local", models_dir=models_dir) as opened:
        for hostile in HOSTILE:
            if hostile.name in ASKED_OF_THE_MODEL:
                opened.put(hostile)
                answer = opened.kb.ask(hostile.asks)
                assert not faults(answer, hostile.canary), hostile.name
