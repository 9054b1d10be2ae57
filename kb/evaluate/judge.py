"""Which of the passages found answer a question: at which rank each piece of its gold comes up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Article, Hit
from kb.evaluate.dataset import Gold, Question

__all__ = ["Judged", "judge"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a ranking is worth for one question.

    Attributes:
        ranks: For each judgement the rank, from 1, at which it is first met; None: not at all.
        gains: The grades of the distinct articles found, best first; 0 for one not judged.
        ideal: The grades of all judged articles, the highest first.
    """

    ranks: tuple[int | None, ...]
    gains: tuple[float, ...] = ()
    ideal: tuple[float, ...] = ()


def judge(question: Question, hits: Sequence[Hit]) -> Judged:
    """Return at which rank each judgement of a question is met.

    A piece of evidence is met by a passage that contains it whole, white space left out of both,
    as the authors of MultiHop-RAG count (Tang & Yang, COLM 2024). A paragraph with answers is met
    by a passage of its article that overlaps it and holds an answer. A judgement of a whole article
    is met by any passage of it; its rank is that among the distinct articles found, each ranked by
    its first passage.
    """
    bare = [_bare(hit.passage.text) for hit in hits]
    places: dict[str, int] = {}
    for hit in hits:
        places.setdefault(hit.article.id, len(places) + 1)

    def rank(gold: Gold) -> int | None:
        if gold.whole_article:
            return places.get(gold.article)
        if gold.paragraph:
            return _first([_holds_answer(hit, gold) for hit in hits])
        evidence = _bare(gold.text)
        return _first([evidence in text for text in bare])

    grades = {gold.article: gold.relevance for gold in question.gold if gold.whole_article}
    return Judged(
        ranks=tuple(rank(gold) for gold in question.gold),
        gains=tuple(grades.get(id, 0.0) for id in places),
        ideal=tuple(sorted(grades.values(), reverse=True)),
    )


def _bare(text: str) -> str:
    return "".join(text.split())


def _first(found: Sequence[bool]) -> int | None:
    return found.index(True) + 1 if True in found else None


def _holds_answer(hit: Hit, gold: Gold) -> bool:
    if hit.article.id != gold.article:
        return False
    start, end = _placed(gold, hit.article)
    overlaps = hit.passage.start < end and hit.passage.end > start
    return overlaps and any(answer in hit.passage.text for answer in gold.answers)


def _placed(gold: Gold, article: Article) -> tuple[int, int]:
    """Return where a paragraph lies in the canonical text, which may differ from the corpus's."""
    assert gold.paragraph is not None
    start, end = gold.paragraph
    if gold.text and article.text[start:end] != gold.text:
        found = article.text.find(gold.text)
        if found >= 0:
            return found, found + len(gold.text)
    return start, end
