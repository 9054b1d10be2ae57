"""What one answer is worth: right, cited where it should be, refused where nothing is known."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

from index.article import Article
from index.sentences import sentence_spans
from kb.answer import Answer, Citation, Verdict
from kb.evaluate.alce import alce_values
from kb.evaluate.dataset import Gold, Question
from kb.protocols import Verifier

__all__ = ["answer_values", "said"]

_WORD = re.compile(r"\w+")
_MARKERS = re.compile(r"\s*\[\d+\]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_YES_NO = frozenset(("yes", "no"))


def answer_values(question: Question, answer: Answer, verifier: Verifier) -> dict[str, float]:
    """Return the figures of one answer that apply to its question; all but times are 0 to 1.

    CONTRIBUTING.md defines each. A refusal is a wrong answer to an answerable question, and the
    right one to another.
    """
    refused = answer.refusal is not None
    values = {"answer_accuracy": float(_shares_a_word(question, answer))}
    if question.answerable:
        values |= _right(question, answer)
    if refused:
        values["refusal_precision"] = float(not question.answerable)
    values["false_refusals" if question.answerable else "refusal_recall"] = float(refused)
    if question.answerable and question.gold:
        values |= _cited(question, answer)
    values |= alce_values(answer, verifier)
    if answer.citations:
        exact = [one.quote == one.article.text[one.start : one.end] for one in answer.citations]
        values["spans_exact"] = _share(exact)
        shown = [
            one.verdict for one in answer.sentences if one.citations or one.text in answer.text
        ]
        values["unsupported_shown"] = _share([one is Verdict.UNSUPPORTED for one in shown])
    if answer.confidence is not None:
        values["confidence"] = answer.confidence
    times = ("search_ms", "first_token_ms", "total_ms")
    values |= {name: answer.timings[name] for name in times if name in answer.timings}
    return values | {f"{name}": float(count) for name, count in answer.usage.items()}


def said(answer: Answer) -> str:
    """Return the direct answer, or the whole text without markers; nothing of a refusal."""
    if answer.refusal:
        return ""
    return answer.short or _MARKERS.sub("", answer.text)


def _share(truths: Sequence[bool]) -> float:
    return sum(truths) / len(truths)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shares_a_word(question: Question, answer: Answer) -> bool:
    if not question.answerable or answer.refusal:
        return not question.answerable and answer.refusal is not None
    words = set(_words(said(answer)))
    return any(words & set(_words(gold)) for gold in question.answers)


def _right(question: Question, answer: Answer) -> dict[str, float]:
    text = said(answer)
    whole = f" {' '.join(_words(answer.text))} "
    contained = any(f" {' '.join(_words(gold))} " in whole for gold in question.answers)
    values = {
        "answer_contains": float(contained and not answer.refusal),
        "answer_em": max((float(_exact(text, gold)) for gold in question.answers), default=0.0),
        "answer_f1": max((_f1(text, gold) for gold in question.answers), default=0.0),
    }
    golds = {gold.casefold() for gold in question.answers} & _YES_NO
    if len(golds) == 1 and len({gold.casefold() for gold in question.answers}) == 1:
        (gold,) = golds
        first = next((word for word in _words(text) if word in _YES_NO), "")
        values[f"{gold}_right"] = float(first == gold)
    return values


def _plain(text: str) -> list[str]:
    """Return the words as SQuAD compares them: lower case, no punctuation, no articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def _exact(text: str, gold: str) -> bool:
    return _plain(text) == _plain(gold)


def _f1(text: str, gold: str) -> float:
    found, wanted = _plain(text), _plain(gold)
    same = sum((Counter(found) & Counter(wanted)).values())
    return 2 * same / (len(found) + len(wanted)) if same else 0.0


def _cited(question: Question, answer: Answer) -> dict[str, float]:
    """Return how many citations overlap gold, and how much of the gold is cited."""
    met = [{n for n, g in enumerate(question.gold) if _meets(one, g)} for one in answer.citations]
    pieces = set[int]().union(*met)
    values = {
        "citation_recall": len(pieces) / len(question.gold),
        "gold_cited": float(bool(pieces)),
    }
    if met:
        values["citation_precision"] = _share([bool(one) for one in met])
    return values


def _meets(citation: Citation, gold: Gold) -> bool:
    article = citation.article
    if article.id != gold.article and not article.uri.endswith(gold.article):
        return False
    return any(
        citation.start < end and citation.end > start for start, end in _places(gold, article)
    )


def _places(gold: Gold, article: Article) -> list[tuple[int, int]]:
    """Return where a piece of gold lies: of a paragraph, its sentences that hold an answer."""
    if gold.whole_article:
        return [(0, len(article.text))]
    start = article.text.find(gold.text) if gold.text else -1
    if start < 0 and gold.start is not None:
        start = gold.start
    if start < 0:
        return []
    end = start + len(gold.text) if gold.text else gold.end or start
    if not gold.answers:
        return [(start, end)]
    spans = [(start + a, start + b) for a, b in sentence_spans(article.text[start:end])]
    return [(a, b) for a, b in spans if any(one in article.text[a:b] for one in gold.answers)] or [
        (start, end)
    ]
