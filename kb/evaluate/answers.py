"""How good answers are: right, cited where they should be, refused where nothing is known."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence

from kb.answer import Answer
from kb.evaluate.dataset import Gold, Question

__all__ = ["answer_metrics", "cites_gold", "is_right"]

_NOT_WORD = re.compile(r"\W+")


def _plain(text: str) -> str:
    return f" {_NOT_WORD.sub(' ', text.casefold()).strip()} "


def is_right(answer: Answer, question: Question) -> bool:
    """Say whether the answer contains one of the gold answers, letters and digits compared."""
    text = _plain(answer.text)
    return not answer.refusal and any(_plain(gold) in text for gold in question.answers)


def cites_gold(answer: Answer, question: Question) -> bool:
    """Say whether a citation overlaps a gold piece of evidence in its own article."""
    return any(_overlaps(answer, gold) for gold in question.gold)


def _overlaps(answer: Answer, gold: Gold) -> bool:
    for citation in answer.citations:
        article = citation.article
        if article.id == gold.article or article.uri.endswith(gold.article):
            start = article.text.find(gold.text)
            if start >= 0 and citation.start < start + len(gold.text) and citation.end > start:
                return True
    return False


def answer_metrics(answered: Sequence[tuple[Question, Answer]]) -> Mapping[str, float]:
    """Return shares of the answerable or unanswerable questions, and medians in milliseconds.

    ``right`` and ``gold_cited`` are shares of all answerable questions, a refusal counting as
    wrong; ``false_refusals`` is the share of them that was refused, ``refused`` that of the
    unanswerable ones. ``spans_exact`` is the share of all citations that are slices of their
    article.
    """
    known = [pair for pair in answered if pair[0].answerable]
    unknown = [pair for pair in answered if not pair[0].answerable]
    citations = [one for _, answer in answered for one in answer.citations]
    exact = [one.quote == one.article.text[one.start : one.end] for one in citations]
    shares = {
        "right": [is_right(answer, question) for question, answer in known],
        "gold_cited": [cites_gold(answer, question) for question, answer in known],
        "false_refusals": [answer.refusal is not None for _, answer in known],
        "refused": [answer.refusal is not None for _, answer in unknown],
        "spans_exact": exact,
    }
    found = {name: round(statistics.fmean(each), 4) for name, each in shares.items() if each}
    for name in ("search_ms", "first_token_ms", "total_ms"):
        times = [answer.timings[name] for _, answer in answered if name in answer.timings]
        if times:
            found[f"{name}_p50"] = round(statistics.median(times), 1)
    return found
