"""Questions with what is known of their answers, in the layouts that are in use here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.readers.canonical import canonical, one_line
from kb.errors import SourceError
from kb.evaluate.rows import Row, rows

__all__ = ["CORPUS", "FILES", "Gold", "Question", "load_evaluation_set", "load_questions"]

CORPUS = "corpus.jsonl"
FILES = (CORPUS, "queries.jsonl", "qrels.jsonl")
"""What an evaluation set consists of."""


@dataclass(frozen=True, slots=True)
class Gold:
    """One judgement: what of an article answers a question.

    With ``answers``, ``start`` and ``end`` it is a paragraph that holds an answer; else with
    ``text``, a piece of evidence; else the whole article.

    Attributes:
        article: The id or the end of the uri of its article.
        text: Canonical, as articles are, so that it can be found in one.
        relevance: The grade, more than 0.
        start, end: Where the text lies in the article of the corpus, in characters.
        answers: The answer as the paragraph has it, in one or several forms.
    """

    article: str
    text: str = ""
    relevance: float = 1.0
    start: int | None = None
    end: int | None = None
    answers: tuple[str, ...] = ()

    @property
    def paragraph(self) -> tuple[int, int] | None:
        """Where the paragraph lies, if the judgement is of one."""
        if self.answers and self.start is not None and self.end is not None:
            return self.start, self.end
        return None

    @property
    def whole_article(self) -> bool:
        """Whether the judgement is of the whole article."""
        return not self.text and self.paragraph is None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a data set; one that is not answerable has no answers and no gold.

    Attributes:
        type: As the data set sorts its questions; "" if it does not.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    type: str
    answerable: bool
    gold: tuple[Gold, ...]


def load_evaluation_set(folder: Path) -> list[Question]:
    """Return the questions of a folder with ``queries.jsonl`` and ``qrels.jsonl``, in their order.

    Only ``id`` and ``question`` of a query and ``query_id`` and ``article_id`` of a judgement have
    to be there. A judgement with a ``relevance`` of 0 or less says that something does not answer
    the question and is left out, as is one of a question that is not there (of another part of the
    set). Without ``answerable``, a question is so if a judgement is left.

    Raises:
        SourceError: A file is missing, or a line of it cannot be used.
    """
    gold: dict[str, list[Gold]] = {}
    for row in rows(folder / "qrels.jsonl"):
        judged = _judgement(row)
        if judged.relevance > 0:
            gold.setdefault(row.needed("query_id"), []).append(judged)
    questions: dict[str, Question] = {}
    for row in rows(folder / "queries.jsonl"):
        one = _question(row, _distinct(gold.get(row.needed("id"), ())))
        if one.id in questions:
            raise SourceError(f"{row.where} repeats the id {one.id!r}", "take one of them out")
        questions[one.id] = one
    return list(questions.values())


def load_questions(file: Path) -> list[Question]:
    """Return the questions of a file like ``data/questions.jsonl``; raises ``SourceError``."""
    questions = []
    for row in rows(file):
        also = [Row(row.where, place) for place in row.values.get("also", ())]
        places = [row, *also] if row.truth("answerable", without=True) else []
        gold = tuple(Gold(place.needed("article"), place.needed("quote")) for place in places)
        questions.append(_question(row, gold))
    return questions


def _judgement(row: Row) -> Gold:
    relevance = row.number("relevance")
    start, end = row.number("start"), row.number("end")
    return Gold(
        article=one_line(row.needed("article_id")),  # as the reader of a corpus makes it
        text=canonical(row.text("evidence_text")),
        relevance=1.0 if relevance is None else relevance,
        start=None if start is None else int(start),
        end=None if end is None else int(end),
        answers=tuple(canonical(one) for one in row.texts("answer_spans")),
    )


def _distinct(gold: Sequence[Gold]) -> tuple[Gold, ...]:
    """Return the judgements, of several of one whole article only one, with the best grade."""
    found: list[Gold] = []
    places: dict[str, int] = {}
    for one in gold:
        if one.whole_article and one.article in places:
            place = places[one.article]
            best = max(found[place].relevance, one.relevance)
            found[place] = replace(one, relevance=best)
            continue
        if one.whole_article:
            places[one.article] = len(found)
        found.append(one)
    return tuple(found)


def _question(row: Row, gold: tuple[Gold, ...]) -> Question:
    return Question(
        id=row.needed("id"),
        question=row.needed("question"),
        answers=row.texts("answers") or row.texts("answer"),
        type=row.text("type"),
        answerable=row.truth("answerable", without=bool(gold)),
        gold=gold,
    )
