"""Where sources disagree: two figures for one thing, two days for one event, claim and denial.

A reader who is shown one of two figures is misled, so sentences that answer the same question are
held against each other. It takes the same subject and the same counted thing on both sides: a false
alarm would cost more trust than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from index.chunk import spelled_date
from kb.answer import Kind
from kb.differing import Values, days_apart, figures_apart
from kb.evidence import Scored
from kb.expect import asks_for_a_number, asks_when, asks_yes_or_no
from kb.words import content, names, stems

__all__ = ["Disagreement", "disagreements", "newer_first", "said_by", "superseding"]

_LOOKED_AT = 16  # sentences, the best for the question
_NEAR = 0.55  # of the best sentence's score
_SHARED = 0.5  # of the shorter sentence's telling words must be shared, and of the question's
_SHARED_AT_LEAST = 2
_DENIED = 0.6  # of the shorter sentence's words, where the other denies it
_ONE_EVENT = 0.75  # of the question's words, that each of two sentences with another day must have
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]\d)")
_PLACE = re.compile(r"\b(?:[Ii]n|[Nn]ear|[Aa]t|of|from) (?:the )?([A-Z][^\W\d]+)")
_PREFIX = 5  # of a name: "Ukraine" is spoken of where "Ukrainian" is
_FEW = 4  # a name that stands in one sentence of so many sets it apart
_DENIES = re.compile(
    r"\b(?:not|never|no|nobody|none|den(?:y|ied|ies)|reject(?:ed|s)|ruled out|disput(?:ed|es))\b"
    r"|n[’']t\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sentences of different articles that cannot both be the whole truth.

    Attributes:
        newer, older: By the days on which their articles were published.
        values: What the newer and the older say, of figures and dates; else empty.
    """

    kind: Kind
    newer: Scored
    older: Scored
    values: Values = ("", "")

    @property
    def same_day(self) -> bool:
        """Whether both articles were published on one day."""
        return _published(self.newer)[:10] == _published(self.older)[:10]


def disagreements(question: str, ranked: Sequence[Scored]) -> list[Disagreement]:
    """Return where the best sentences for a question disagree, the best pairs first.

    Args:
        ranked: As ``rank_sentences`` returns them; copies of one story are one of them.
    """
    near = [one for one in ranked[:_LOOKED_AT] if one.score >= _NEAR * ranked[0].score]
    asked = set(content(question))
    found: list[Disagreement] = []
    for one, other in combinations(near, 2):
        if one.hit.article.id == other.hit.article.id:
            continue
        if differ := _difference(question, asked, one, other):
            found.append(differ)
    return found


def superseding(
    question: str, ranked: Sequence[Scored], found: Sequence[Disagreement]
) -> list[Disagreement]:
    """Return those whose newer side was published later, and so may have replaced the older one.

    Not where the older is the best one, and the question names somebody whom only that names.
    """
    asked_for = bool(found) and any(_sets_apart(name, ranked) for name in names(question))
    return [one for one in found if not (one.same_day or (asked_for and one.older is ranked[0]))]


def newer_first(ranked: Sequence[Scored], found: Sequence[Disagreement]) -> list[Scored]:
    """Return the sentences with the newest of those that supersede the best one before it."""
    newer = [one.newer for one in found if one.older is ranked[0]]
    lead = max(newer, key=_published, default=ranked[0])
    return [lead, *(one for one in ranked if one is not lead)]


def _sets_apart(name: str, ranked: Sequence[Scored]) -> bool:
    """Say whether a name is that of the best sentence, and of few of the others."""
    has = [name[:_PREFIX] in one.text for one in ranked[:_LOOKED_AT]]
    return has[0] and sum(has) <= len(has) / _FEW


def _difference(question: str, asked: set[str], one: Scored, other: Scored) -> Disagreement | None:
    newer, older = sorted((one, other), key=_published, reverse=True)
    if asks_yes_or_no(question):
        if _same_subject(asked, one.text, other.text) and _denied(one.text, other.text):
            return Disagreement(Kind.DENIAL, newer, older)
    elif asks_for_a_number(question):
        values = figures_apart(stems(question), newer.text, older.text)
        if values and _same_subject(asked, one.text, other.text):
            return Disagreement(Kind.FIGURES, newer, older, values)
    elif asks_when(question):
        values = days_apart(newer.text, older.text)
        if values and all(_is_about(asked, side.text) for side in (one, other)):
            return Disagreement(Kind.DATES, newer, older, values)
    return None


def _same_subject(asked: set[str], one: str, other: str) -> bool:
    """Say whether two sentences speak of one thing: by words, years and places."""
    first, second = ({w for w in content(text) if not w[0].isdigit()} for text in (one, other))
    shared = first & second
    if len(shared) < _SHARED_AT_LEAST:
        return False
    for pattern in (_YEAR, _PLACE):
        here, there = (set(pattern.findall(text)) for text in (one, other))
        if here and there and not here & there:
            return False
    enough = len(shared) >= _SHARED * min(len(first), len(second))
    return enough or len(asked & shared) >= _SHARED * len(asked)


def _is_about(asked: set[str], text: str) -> bool:
    """Say whether a sentence speaks of the one event that is asked about, by most of its words."""
    return len(asked) >= _SHARED_AT_LEAST and len(asked & stems(text)) >= _ONE_EVENT * len(asked)


def said_by(one: Scored) -> str:
    """Return who says a sentence, and on which day."""
    article = one.hit.article
    name = article.source or article.author or article.title
    return f"{name} on {spelled_date(article.published_at)}" if article.published_at else name


def _published(one: Scored) -> str:
    return one.hit.article.published_at or ""


def _denied(one: str, other: str) -> bool:
    """Say whether one sentence denies what the other says in nearly the same words."""
    if bool(_DENIES.search(one)) == bool(_DENIES.search(other)) or "?" in one + other:
        return False
    first, second = set(content(one)), set(content(other))
    return len(first & second) >= _DENIED * min(len(first), len(second))
