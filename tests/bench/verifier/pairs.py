"""Statements with the quote they cite, true ones and false ones.

A true one is a question with its answer as a statement, beside the sentence of the paragraph that
has the answer; or a sentence of the news told a little otherwise, beside itself. False ones are the
same with one thing changed (see ``falsified``), and true ones beside a sentence of elsewhere.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.sentences import sentence_spans
from kb.evaluate.dataset import Question, load_evaluation_set
from tests.bench.verifier.falsified import CHANGES
from tests.bench.verifier.retold import retold
from tests.bench.verifier.statements import stated

__all__ = ["KINDS", "Pair", "news_pairs", "pairs"]

KINDS = ("true", *CHANGES, "elsewhere")

_NEWS_ARTICLES = 120
_AN_ARTICLE = 6  # sentences
_LENGTH = range(60, 320)  # characters of a sentence of the news


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement with what it cites.

    Attributes:
        context: The title of the article, a line break, and the paragraph of the quote.
        kind: ``true``, or how it was made false.
    """

    article: str
    statement: str
    quote: str
    context: str
    kind: str

    @property
    def true(self) -> bool:
        """Whether the quote carries the statement."""
        return self.kind == "true"


def pairs(folder: Path, seed: int = 0) -> list[Pair]:
    """Return all pairs that can be made of a set whose judgements are paragraphs with answers."""
    told = [one for question in load_evaluation_set(folder) for one in _answered(question)]
    return _with_false_ones(told, seed)


def news_pairs(corpus: Path, seed: int = 0) -> list[Pair]:
    """Return pairs made of sentences of the first articles of a corpus in JSON Lines."""
    chance = random.Random(seed)
    told: list[Pair] = []
    with corpus.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for _, line in zip(range(_NEWS_ARTICLES), lines, strict=False)]
    for row in rows:
        found = list(_retold_of(row))
        told += chance.sample(found, min(_AN_ARTICLE, len(found)))
    return _with_false_ones(told, seed)


def _answered(question: Question) -> Iterator[Pair]:
    if not question.answerable or not question.gold:
        return
    gold = question.gold[0]
    statement = stated(question.question, question.answers[0])
    spans = [(a, b) for a, b in sentence_spans(gold.text) if question.answers[0] in gold.text[a:b]]
    if statement and len(spans) == 1:  # else nobody knows which one carries it
        quote = gold.text[slice(*spans[0])]
        title = gold.article.rpartition("-")[2].replace("_", " ")
        yield Pair(gold.article, statement, quote, f"{title}\n{gold.text}", "true")


def _retold_of(row: dict[str, object]) -> Iterator[Pair]:
    text, title, id = str(row["text"]), str(row["title"]), str(row["id"])
    spans = sentence_spans(text)
    for i, (start, end) in enumerate(spans):
        quote = text[start:end]
        statement = retold(quote) if len(quote) in _LENGTH and "\n" not in quote else None
        if statement:
            around = text[spans[max(0, i - 3)][0] : spans[min(len(spans) - 1, i + 3)][1]]
            yield Pair(id, statement, quote, f"{title}\n{around}", "true")


def _with_false_ones(told: Sequence[Pair], seed: int) -> list[Pair]:
    chance = random.Random(seed)
    by_article: dict[str, list[Pair]] = {}
    for one in told:
        by_article.setdefault(one.article, []).append(one)
    found = list(told)
    for one in told:
        others = by_article[one.article]
        elsewhere = [other.quote for other in others if other.context != one.context]
        for kind, change in CHANGES.items():
            statement = change(one.statement, one.quote, one.context, elsewhere, chance)
            if statement and statement != one.statement:
                found.append(Pair(one.article, statement, one.quote, one.context, kind))
        far = [other for other in others if one.quote not in other.context]
        if far:
            other = chance.choice(far)
            found.append(Pair(one.article, one.statement, other.quote, other.context, "elsewhere"))
    return found
