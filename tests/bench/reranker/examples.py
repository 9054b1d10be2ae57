"""Training examples: a question, passages that answer it, and what search finds beside them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.article import Article, Hit, Passage
from index.chunk import indexed_text
from index.sentences import sentence_spans
from kb import KnowledgeBase
from kb.evaluate.dataset import Question
from tests.bench.reranker.dressing import Piece, piece_of
from tests.bench.reranker.wording import asked_of, joined, joined_questions

__all__ = ["Asked", "Candidate", "Example", "Maker", "load_examples", "save_examples"]

_DEPTH = 30
_SENTENCE = (60, 320)  # characters of a sentence worth asking about

Asked = tuple[str, list[tuple[str, str]]]
"""A question with (article id, evidence) pairs; the evidence is text that stands in the article."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found: its score there, and the evidence that it holds, "" for none."""

    head: str
    text: str
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates, in the order in which search has them."""

    kind: str
    question: str
    candidates: list[Candidate]


class Maker:
    """Makes examples from a knowledge base of dressed articles."""

    def __init__(self, kb: KnowledgeBase, pieces: Sequence[Piece], seed: int) -> None:
        self._kb = kb
        self._pieces = pieces
        self._rng = random.Random(seed)
        self._articles = [kb.article(one.id) for one in kb.articles()]
        self._by_id = {one.id: one for one in self._articles}

    def real(self, questions: Sequence[Question], count: int) -> Iterator[Example]:
        """Yield questions of the data set as they are."""
        for question in self._rng.sample(list(questions), min(count, len(questions))):
            yield from self._example("real", question.question, self._gold(question))

    def joined_real(self, questions: Sequence[Question], count: int) -> Iterator[Example]:
        """Yield two or three questions about one subject, asked as one."""
        subjects: dict[str, list[Question]] = {}
        for question in questions:
            subjects.setdefault(question.gold[0].article, []).append(question)
        for _ in range(count):
            some = self._rng.choice(list(subjects.values()))
            parts = self._rng.sample(some, min(len(some), self._rng.choice((2, 2, 3))))
            asked = joined_questions(self._rng, [one.question for one in parts])
            yield from self._example(
                "joined", asked, [pair for one in parts for pair in self._gold(one)]
            )

    def statements(self, count: int) -> Iterator[Example]:
        """Yield questions made from one sentence of an article."""
        for _ in range(count):
            article = self._rng.choice(self._articles)
            if sentence := self._sentence(article.text):
                asked = asked_of(self._rng, sentence, article)
                yield from self._example("statement", asked, [(article.id, sentence)])

    def joined_statements(self, count: int) -> Iterator[Example]:
        """Yield questions made from sentences of two to four articles about similar things."""
        for _ in range(count):
            article = self._rng.choice(self._articles)
            first = self._sentence(article.text)
            if not first:
                continue
            told = {article.id: (first, article)}
            near = self._kb.search(first, _DEPTH)[1:]
            wanted = self._rng.choice((2, 2, 3, 4))
            for hit in self._rng.sample(near, len(near)):
                other = self._by_id.get(hit.article.id)
                if (
                    other
                    and other.id not in told
                    and (sentence := self._sentence(hit.passage.text))
                ):
                    told[other.id] = (sentence, other)
                if len(told) == wanted:
                    break
            asked = joined(self._rng, list(told.values()))
            gold = [(id, sentence) for id, (sentence, _) in told.items()]
            yield from self._example("statements", asked, gold)

    def _gold(self, question: Question) -> list[tuple[str, str]]:
        found = []
        for gold in question.gold:
            piece = piece_of(self._pieces, gold.article, gold.start or 0)
            if piece:
                found += [(piece.id, answer) for answer in gold.answers]
        return found

    def _sentence(self, text: str) -> str:
        least, most = _SENTENCE
        sentences = [text[a:b] for a, b in sentence_spans(text) if least <= b - a <= most]
        return self._rng.choice(sentences) if sentences else ""

    def _example(self, kind: str, question: str, gold: list[tuple[str, str]]) -> Iterator[Example]:
        hits = self._kb.search(question[:4_000], _DEPTH)
        candidates = [
            Candidate(
                _head(hit.article, hit.passage), hit.passage.text, hit.score, _held(hit, gold)
            )
            for hit in hits
        ]
        if any(one.evidence for one in candidates) and not all(one.evidence for one in candidates):
            yield Example(kind, question, candidates)


def _head(article: Article, passage: Passage) -> str:
    return indexed_text(article, passage).partition("\n")[0]


def _held(hit: Hit, gold: Sequence[tuple[str, str]]) -> str:
    return next(
        (text for id, text in gold if hit.article.id.endswith(id) and text in hit.passage.text), ""
    )


def save_examples(examples: Sequence[Example], path: Path) -> None:
    """Write one example a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in examples)


def load_examples(path: Path) -> list[Example]:
    """Return the examples of a file."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        row["candidates"] = [Candidate(**one) for one in row["candidates"]]
        found.append(Example(**row))
    return found
