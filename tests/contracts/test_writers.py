"""What every writer promises, held against each that is shipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from index.article import Article
from kb.answer import Answer, Refusal
from kb.conversation import Conversation
from kb.evidence import Evidence
from kb.models import open_llm
from kb.models.chat import ChatWriter
from kb.models.quotes import Quotes
from kb.models.scripted import Scripted
from kb.models.small import SmallWriter
from kb.protocols import Piece, Short, Writer
from tests.kb.models.conftest import Choice
from tests.kb.models.fake_server import serving

TEXT = "The repair of the bridge will cost 3.2 million euros. It begins in May [7]."
ARTICLE = Article("a", "a.md", "The bridge", TEXT, "Sample Post", None, "2024-03-05")
EVIDENCE = [
    Evidence(1, ARTICLE, "p", 0, 53, 0.8, TEXT),
    Evidence(2, ARTICLE, "p", 54, len(TEXT), 0.7, TEXT),
]


@pytest.fixture(
    params=[
        "quotes",
        "scripted",
        "openai",
        pytest.param("local", marks=pytest.mark.model),
    ]
)
def writer(request: pytest.FixtureRequest) -> Iterator[Writer]:
    if request.param == "quotes":
        yield Quotes()
    elif request.param == "scripted":
        yield Scripted(["It will cost 3.2 million euros [1]."])
    elif request.param == "openai":
        with serving() as server:
            llm = open_llm("openai:x", Choice(base_url=f"{server.address}/v1"))
            opened = ChatWriter(llm, "openai:x", 500)
            yield opened
            opened.close()
    else:
        folder: Path = request.getfixturevalue("models_dir")
        small = SmallWriter(open_llm("local", Choice(models_dir=folder)), "local:x", 150)
        yield small
        small.close()


def test_it_drafts_in_pieces_and_can_be_closed_at_any_time(writer: Writer) -> None:
    assert isinstance(writer, Writer)
    assert writer.name
    assert writer.budget >= 0
    pieces = list(writer.write("What will the repair cost?", EVIDENCE))
    named = [piece for piece in pieces if isinstance(piece, Short)]
    assert len(named) <= 1
    assert text(pieces)
    assert not named or text(pieces[: pieces.index(named[0])]) == ""
    half = writer.write("What will the repair cost?", EVIDENCE)
    next(half)
    half.close()
    assert text(writer.write("And again?", EVIDENCE))


def text(pieces: Iterable[Piece]) -> str:
    """Return the text of a draft."""
    return "".join(piece for piece in pieces if isinstance(piece, str)).strip()


def test_closing_it_twice_is_no_harm(writer: Writer) -> None:
    writer.close()
    writer.close()


def test_a_chat_model_may_make_a_follow_up_stand_alone() -> None:
    said = Conversation((Answer("Who bought it?", "…", "x", refusal=Refusal.NO_EVIDENCE),))
    with serving() as server:
        llm = open_llm("openai:x", Choice(base_url=f"{server.address}/v1"))
        opened = ChatWriter(llm, "openai:x", 500)
        assert opened.condense("For how much?", said).strip()
        opened.close()
    asked = str(server.requests[-1])
    assert "Who bought it?" in asked
    assert "For how much?" in asked
