"""Numbers with what they count: 12 is not 1,200, and 82 settlements are not 82 soldiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice, zip_longest

from kb.agreement import Agreement
from kb.agreement.wording import keys, with_spaces, words
from kb.words import folded, in_digits, named_numbers, numbers

__all__ = ["figures_agree"]

_AT_MOST = 60  # numbers of a text whose neighbours are compared; all are looked for
_BOUND = 30  # characters in front of a number
_COUNTED = 4  # telling words behind a number, in one of which it counts
_MARK = re.compile(r"[,;:()\[\]—–!?]|\.(?!\d)")
_VALUE = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[,\u00a0\u202f ]\d{3}(?!\d))+(?:\.\d+)?|(?<![\w.,])\d+(?:\.\d+)?"
)
_SCALE = re.compile(r"[ \u00a0-]?(?:hundred|thousand|million|billion|trillion|bn)\b", re.I)
_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}  # World War 2
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "%": "percent"}
_UNITS = frozenset(
    "dollar euro pound yen rupee rubl franc yuan percent kilomet mile metr feet foot inch yard "
    "centimet kilogram gram ton litr gallon acr hectar hour minut second day week month year "
    "decad centuri degre watt megawatt volt kilowatt".split()
)
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_SHARES = frozenset({"half", "quarter", "dozen"})
_SYNONYMS = {"km": "kilomet", "kilometr": "kilomet", "meter": "metr", "feet": "foot", "tonn": "ton"}
_JOINT = re.compile(r"\b(?:and|while|but|of which)\b")
_MORE = re.compile(
    r"(?:more than|over|at least|above|not? (?:less|fewer) than|exceed\w*)\W+(?:\w+\W+)?$", re.I
)
_LESS = re.compile(
    r"(?:less than|fewer than|under|at most|below|up to|not? more than|almost|nearly)"
    r"\W+(?:\w+\W+)?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number: what it may count, and whether it is said to be more or less (1, -1; 0 neither)."""

    value: str
    counted: tuple[str, ...]
    units: frozenset[str]
    bound: int
    before: frozenset[str]
    behind: frozenset[str]


def figures_agree(sentence: str, quote: str, context: str, dates: frozenset[str]) -> Agreement:
    """Say whether each number is in the quote, and counts there what it counts in the sentence.

    Args:
        dates: Numbers that the days of the source explain.
    """
    sentence, quote, context = map(with_spaces, (sentence, quote, context))
    ordered, told = _ordinals(sentence), _ordinals(quote)
    if (ordered - told and told - ordered) or (keys(sentence) - keys(quote)) & _SHARES:
        return Agreement.NO
    known = {_valued(one) for one in numbers(quote)}
    missing = {
        one for one in numbers(sentence) - dates - (ordered & told) if _valued(one) not in known
    }
    if not re.search(r"\b1\b", sentence):
        missing.discard("1")  # "one" counts seldom
    missing -= {one for one in missing if f" {_ROMAN.get(one)} " in f"{quote} ".replace(",", " ")}
    if missing - (named_numbers(sentence) & named_numbers(context)):
        return Agreement.NO
    here, there = _figures(sentence), _figures(quote)
    said = {figure.value for figure in here}
    others = [one for one in there if one.value not in said]
    found = Agreement.YES
    for figure in here:
        same = [one for one in there if one.value == figure.value]
        if any(_is_anothers(keys(sentence), one, others) for one in same[:1] if len(same) == 1):
            return Agreement.NO
        if same:
            found = min(found, max(_compared(figure, one, others) for one in same))
    return found


def _valued(number: str) -> str:
    """Return a number of ``numbers`` by its value: 1.5 million is 1500000."""
    value, _, unit = number.partition(" ")
    if unit not in _SCALES:
        return number
    return f"{Decimal(value) * _SCALES[unit]:.10f}".rstrip("0").rstrip(".")


def _ordinals(text: str) -> set[str]:
    """Return the places that a text counts to: 2 for second and 2nd."""
    low = text.casefold()
    found = {
        str(_ORDINALS.index(word) + 1) for word in re.findall(r"\w+", low) if word in _ORDINALS
    }
    return found | set(re.findall(r"\b(\d+)(?:st|nd|rd|th)\b", low))


def _is_anothers(said: frozenset[str], own: _Figure, others: list[_Figure]) -> bool:
    """Say whether the sentence has what stands next to another number, and not what to its own.

    "37 seats in the House and 12 in the Senate" does not give the House 12.
    """
    both = own.before | own.behind
    return any(
        said & (theirs - both) and mine - theirs and not said & (mine - theirs)
        for other in others
        for mine, theirs in ((own.before, other.before), (own.behind, other.behind))
    )


def _compared(said: _Figure, told: _Figure, others: list[_Figure]) -> Agreement:
    """Say whether a number counts the same in both, given the numbers that only the quote has."""
    if said.units and told.units and not said.units & told.units:
        return Agreement.NO
    if said.bound * told.bound < 0:
        return Agreement.NO
    counted = said.counted[:1]
    shared = set(said.counted[:2]) & set(told.counted)
    if counted and not shared and any(counted == one.counted[:1] for one in others):
        return Agreement.NO
    return Agreement.PARTLY if told.bound and not said.bound else Agreement.YES


def _told(text: str, *, capital: bool) -> frozenset[str]:
    """Return the keys of the telling words, or only of those with a capital."""
    return frozenset(
        word.key
        for word in words(text)
        if word.tells and (word.capital or not (capital or word.low.endswith("ly")))
    )


@lru_cache(maxsize=2_048)
def _figures(text: str) -> tuple[_Figure, ...]:
    return tuple(islice(_each(in_digits(text)), _AT_MOST))


def _each(text: str) -> Iterator[_Figure]:
    last = 0
    matches = [m for m in _VALUE.finditer(text) if not _YEAR.fullmatch(m.group())]
    for match, following in zip_longest(matches, matches[1:]):
        start, end = match.span()
        scale = _SCALE.match(text, end)
        end = scale.end() if scale else end
        stop = _MARK.search(text, end)
        clause = text[end : stop.start() if stop else len(text)]
        told = [word.key for word in words(clause) if word.tells]
        signs = {
            _CURRENCIES[c] for c in text[max(0, start - 1) : start] + clause[:1] if c in _CURRENCIES
        }
        before, own = text[max(0, start - _BOUND) : start], text[last:start]
        tail = text[end : following.start() if following else len(text)]
        yield _Figure(
            min(numbers(text[start:end]), default=folded(match.group())),
            tuple(told[:_COUNTED]),
            frozenset(signs or {_SYNONYMS.get(one, one) for one in told[:3]} & _UNITS),
            1 if _MORE.search(before) else -1 if _LESS.search(before) else 0,
            _told(_JOINT.split(_MARK.split(own)[-1])[-1], capital=True),
            _told(_JOINT.split(_MARK.split(tail)[0])[0], capital=False),
        )
        last = end
