"""The parts of a question that asks for several things, each to be searched for by itself.

"Does The Age say that X, while Sporting News says Y?" has two: a passage about either answers half
of it, and is like the whole of it only a little.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.dates import DateRange
from index.sentences import Span, trimmed
from index.understand import Understood

__all__ = ["Part", "parts"]

_CUT = re.compile(
    r"[,;:?!，；：？！、。]|\b(?:while|whereas|but|and|or|compared|contrast|unlike|before|after|than"
    r"|between|versus)\b",
    re.I,
)
_WORDS_AT_LEAST = 3  # that are no stop words; fewer are no question
_PARTS_AT_MOST = 6
_PUNCTUATION = " \t,;:?!，；：？！、。"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a question.

    Attributes:
        sources: The sources that it names.
        dates: The days of which it speaks.
    """

    text: str
    sources: frozenset[str]
    dates: tuple[DateRange, ...]


def parts(understood: Understood, count_words: Callable[[str], int]) -> list[Part]:
    """Cut a question at its commas and conjunctions, but not within what it names.

    A piece with fewer than three words that tell belongs to the next; there are at most six.

    Args:
        count_words: How many words of a text tell what it is about.
    """
    question = understood.question
    spans, start = list[Span](), 0
    for cut in (*_cuts(understood), len(question)):
        if len(spans) == _PARTS_AT_MOST - 1:
            break
        if count_words(question[start:cut]) >= _WORDS_AT_LEAST:
            spans.append((start, cut))
            start = cut
    if count_words(question[start:]) >= _WORDS_AT_LEAST or not spans:
        spans.append((start, len(question)))
    else:
        spans[-1] = (spans[-1][0], len(question))
    return [_part(understood, span) for span in spans]


def _cuts(understood: Understood) -> list[int]:
    kept = [*understood.quoted, *understood.names]
    kept += [(one.start, one.end) for one in understood.sources]
    kept += [(one.start, one.end) for one in understood.dates]
    found = (match.start() for match in _CUT.finditer(understood.question))
    return [at for at in found if not any(start < at < end for start, end in kept)]


def _part(understood: Understood, span: Span) -> Part:
    start, end = trimmed(understood.question, *span)
    return Part(
        understood.question[start:end].strip(_PUNCTUATION),
        frozenset(
            name for one in understood.sources if start <= one.start < end for name in one.names
        ),
        tuple(one for one in understood.dates if start <= one.start < end),
    )
