"""A small model names the answer, and the sources' own sentences say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from index.article import Article
from kb.evidence import Evidence
from kb.models.small import SmallWriter
from kb.prompt import DECLINED
from kb.protocols import Piece, Short

TEXTS = (
    "The crane drivers went back on Friday. "
    "The union, led by Irina Koleva, asked for nine per cent.",
    "Koleva leads the union of crane drivers. Management offers 4 per cent [7].",
)
ARTICLES = [Article(f"a{n}", f"a{n}.md", "Strike", text) for n, text in enumerate(TEXTS, 1)]
EVIDENCE = [
    Evidence(n, article, "p", 0, len(article.text), 0.8, article.text)
    for n, article in enumerate(ARTICLES, 1)
]


class Reader:
    """Says what it was told to, whatever it is asked, and keeps the prompts."""

    last_timings = SimpleNamespace(
        prompt_tokens=300, cached_tokens=200, generated_tokens=5, certainty=0.9
    )
    metadata = SimpleNamespace(model_name="reader")

    def __init__(self, says: str = "", yes: float = 0.5) -> None:
        self.says, self.yes = says, yes
        self.asked: list[str] = []

    def weigh(self, messages: Sequence[Any], options: Sequence[str]) -> dict[str, float]:
        self.asked.append(messages[-1].content)
        return {"Yes": self.yes, "No": 1 - self.yes}

    def stream_chat(self, messages: Sequence[Any], **options: Any) -> Iterator[Any]:
        self.asked.append(messages[-1].content)
        return (SimpleNamespace(delta=one, additional_kwargs={}) for one in self.says)


def written(reader: Reader, question: str) -> tuple[str, str]:
    """Return the direct answer and the text of a draft."""
    pieces: list[Piece] = list(SmallWriter(reader, "small", 200).write(question, EVIDENCE))  # type: ignore[arg-type]
    short = [piece.text for piece in pieces if isinstance(piece, Short)]
    assert len(short) <= 1
    return "".join(short), "".join(piece for piece in pieces if isinstance(piece, str))


def test_the_sentences_that_have_what_it_named_are_the_answer() -> None:
    short, text = written(Reader("Irina Koleva [1]."), "Who leads the union?")
    assert short == "Irina Koleva"
    assert text.split("\n\n") == [
        "The union, led by Irina Koleva, asked for nine per cent. [1]",
        "Koleva leads the union of crane drivers. [2]",
    ]


@pytest.mark.parametrize("says", [DECLINED, "Petr Novák [1]", "17 [2]", "[1]"])
def test_what_the_sources_do_not_have_is_no_answer(says: str) -> None:
    assert written(Reader(says), "Who leads the union?") == ("", DECLINED)


def test_a_number_is_found_in_any_spelling_and_markers_of_articles_are_text() -> None:
    short, text = written(Reader("four per cent [2]"), "How much does management offer?")
    assert (short, text) == ("four per cent", "Management offers 4 per cent (7). [2]")


@pytest.mark.parametrize(("yes", "short"), [(0.99, "Yes"), (0.6, "No"), (0.0, "No")])
def test_yes_or_no_is_weighed_and_sentences_of_the_articles_stand_for_it(
    yes: float, short: str
) -> None:
    said, text = written(Reader(yes=yes), "Did the crane drivers go back on Friday?")
    assert said == short
    assert text.startswith("The crane drivers went back on Friday. [1]")


def test_an_explanation_is_written() -> None:
    reader = Reader("The drivers went back on Friday [1].")
    assert written(reader, "Explain the strike of the crane drivers.") == ("", reader.says)


def test_where_what_it_explained_did_not_hold_the_sources_speak() -> None:
    reader = Reader("The drivers won.")
    writer = SmallWriter(reader, "small", 200)  # type: ignore[arg-type]
    asked = "Explain what the union of the crane drivers asked for."
    (text,) = writer.rewrite(asked, EVIDENCE, ["The drivers won."])
    said = [line.rpartition(" [")[0] for line in str(text).split("\n\n")]
    assert len(said) == 2
    assert all(any(line in whole for whole in TEXTS) for line in said)
    assert not reader.asked


def test_prompts_begin_alike_and_what_was_read_is_told() -> None:
    reader = Reader("Irina Koleva")
    writer = SmallWriter(reader, "small", 200)  # type: ignore[arg-type]
    took: list[object] = []

    def draft() -> Iterator[Piece]:
        took.append((yield from writer.write("Who leads the union?", EVIDENCE)))

    assert list(draft())
    assert took == [{"prompt_tokens": 100, "generated_tokens": 5}]
    assert "Who leads the union?" in reader.asked[0]
    assert "[1] The crane drivers went back" in reader.asked[0]
