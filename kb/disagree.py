"""Where sources disagree: two figures for one thing, two days for one event, claim and denial.

A reader who is shown one of two figures is misled, so sentences that answer the same question are
held against each other. It takes the same subject and the same counted thing on both sides: a false
alarm would cost more trust than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, takewhile

from kb.answer import Kind
from kb.evidence import Scored
from kb.expect import asks_for_a_number, asks_yes_or_no
from kb.words import STOP_WORDS, content, names, stem, stems

__all__ = ["Disagreement", "disagreements", "newer_first"]

_LOOKED_AT = 16  # sentences, the best for the question
_NEAR = 0.55  # of the best sentence's score
_SHARED = 0.5  # of the shorter sentence's telling words must be shared, and of the question's
_SHARED_AT_LEAST = 2
_DENIED = 0.6  # of the shorter sentence's words, where the other denies it
_ABOUT = 0.1  # two figures that differ by less are one, where either is said to be rough
_COUNTED = re.compile(
    r"(?P<number>\d[\d,.\u00a0\u202f]*\d|\d)(?P<unit>\s?(?:%|per cent|percent)|)"
    r"(?P<after>(?:[ \u00a0-][^\W\d]+){0,3})"
)
_ROUGH = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|approximately|more than|over|at least|up to"
    r"|less than|under|as many as)\s+\S{0,3}$",
    re.I,
)
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]\d)")
_PLACE = re.compile(r"\b(?:[Ii]n|[Nn]ear|[Aa]t|of|from) (?:the )?([A-Z][^\W\d]+)")
_PREFIX = 5  # of a name: "Ukraine" is spoken of where "Ukrainian" is
_FEW = 4  # a name that stands in one sentence of so many sets it apart
_THINGS = 2  # words after a figure that may be what it counts: "82 Russian settlements"
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
        what: What they differ in: the counted thing with both values, or empty.
    """

    kind: Kind
    newer: Scored
    older: Scored
    what: str = ""

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
        if _same_subject(asked, one.text, other.text):
            found += _differences(question, one, other)
    return found


def newer_first(
    question: str, ranked: Sequence[Scored], found: Sequence[Disagreement]
) -> list[Scored]:
    """Return the sentences with the newest that has another figure than the best one before it.

    Not where the question names somebody whom only the best one names.
    """
    if any(_sets_apart(name, ranked) for name in names(question)):
        return list(ranked)
    newer = [one.newer for one in found if one.older is ranked[0]]
    lead = max(newer, key=_published, default=ranked[0])
    return [lead, *(one for one in ranked if one is not lead)]


def _sets_apart(name: str, ranked: Sequence[Scored]) -> bool:
    """Say whether a name is that of the best sentence, and of few of the others."""
    has = [name[:_PREFIX] in one.text for one in ranked[:_LOOKED_AT]]
    return has[0] and sum(has) <= len(has) / _FEW


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


def _differences(question: str, one: Scored, other: Scored) -> Iterator[Disagreement]:
    newer, older = sorted(
        (one, other), key=lambda s: s.hit.article.published_at or "", reverse=True
    )
    if asks_yes_or_no(question):
        if _denied(one.text, other.text):
            yield Disagreement(Kind.DENIAL, newer, older)
        return
    if not asks_for_a_number(question):
        return
    asked = stems(question)
    first, second = _counted(newer.text), _counted(older.text)
    for thing, figure in first.items():
        if thing in asked and thing in second and _apart(figure, second[thing]):
            yield Disagreement(Kind.FIGURES, newer, older, f"{figure.said} / {second[thing].said}")
            return


def _published(one: Scored) -> str:
    return one.hit.article.published_at or ""


def _denied(one: str, other: str) -> bool:
    """Say whether one sentence denies what the other says in nearly the same words."""
    if bool(_DENIES.search(one)) == bool(_DENIES.search(other)) or "?" in one + other:
        return False
    first, second = set(content(one)), set(content(other))
    return len(first & second) >= _DENIED * min(len(first), len(second))


@dataclass(frozen=True, slots=True)
class _Figure:
    value: float
    rough: bool
    said: str


def _counted(text: str) -> Mapping[str, _Figure]:
    """Return the figures of a sentence by the stems of what they count."""
    found: dict[str, _Figure] = {}
    for match in _COUNTED.finditer(text):
        value = re.sub(r"[,\u00a0\u202f](?=\d{3})", "", match["number"]).rstrip(".,")
        try:
            number = float(value)
        except ValueError:  # "1.2.2024"
            continue
        rough = bool(_ROUGH.search(text, 0, match.start()))
        if match["unit"]:
            found.setdefault("percent", _Figure(number, rough, match["number"] + match["unit"]))
            continue
        words = re.findall(r"[^\W\d]+", match["after"])[:_THINGS]
        things = list(takewhile(lambda word: word.casefold() not in STOP_WORDS, words))
        figure = _Figure(number, rough, " ".join((match["number"], *things)))
        for thing in things:
            found.setdefault(stem(thing.casefold()), figure)
    return found


def _apart(one: _Figure, other: _Figure) -> bool:
    if one.value == other.value:
        return False
    near = abs(one.value - other.value) <= _ABOUT * max(abs(one.value), abs(other.value))
    return not (near and (one.rough or other.rough))
