"""In what two sentences about one thing differ: another figure for it, another day of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import takewhile

from kb.agreement.days import DATE, MONTHS
from kb.words import STOP_WORDS, stem

__all__ = ["Values", "days_apart", "figures_apart"]

Values = tuple[str, str]
"""What each of two sentences says, as it says it."""

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
_THINGS = 2  # words after a figure that may be what it counts: "82 Russian settlements"
_YEAR = re.compile(r"(?<![\d.,–-])(?:1[5-9]|20)\d\d(?![\d–-]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class _Figure:
    value: float
    rough: bool
    said: str


def figures_apart(asked: Set[str], one: str, other: str) -> Values | None:
    """Return the figures that two sentences give for one thing, if they are not the same.

    Args:
        asked: Stems of the question, one of which has to be what is counted.
    """
    first, second = _counted(one), _counted(other)
    for thing, figure in first.items():
        if thing in asked and thing in second and _apart(figure, second[thing]):
            return figure.said, second[thing].said
    return None


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


def days_apart(one: str, other: str) -> Values | None:
    """Return the days, months or years that two sentences name, if they cannot be the same.

    Only where each names one: of several nobody knows which is that of the event.
    """
    first, second = list(_days(one)), list(_days(other))
    if len(first) != 1 or len(second) != 1:
        return None
    (here, said), (there, also_said) = first[0], second[0]
    differ = any(a != b for a, b in zip(here, there, strict=True) if a and b)
    return (said, also_said) if differ else None


_Day = tuple[int, int, int]
"""Year, month and day, each 0 where it is not said."""


def _days(text: str) -> Iterator[tuple[_Day, str]]:
    at = 0
    for match in DATE.finditer(text):
        yield from _years(text[at : match.start()])
        at = match.end()
        day, year = match[1] or match[3], match[4]
        if not (day or year):  # "may" begins sentences, and "March" names people
            continue
        month = MONTHS.index(match[2].lower()) + 1
        yield (int(year or 0), month, int(day or 0)), match.group()
    yield from _years(text[at:])


def _years(text: str) -> Iterator[tuple[_Day, str]]:
    for match in _YEAR.finditer(text):
        yield (int(match.group()), 0, 0), match.group()
