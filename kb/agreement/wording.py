"""A text as words that can be compared, and how much of a sentence's words a source has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kb.agreement.forms import LIGHT, key
from kb.words import STOP_WORDS, folded, in_digits

__all__ = ["Word", "covered", "is_english", "keys", "with_spaces", "words"]

_KEPT = 2_048  # texts; one sentence is compared with a few dozen quotes
_PAIRED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # written without spaces
_TOKEN = re.compile(rf"n[’']t\b|\w+?(?=n[’']t\b)|[{_PAIRED}]+|[^\W{_PAIRED}]+|[^\w\s]")
_UNSPACED = re.compile(rf"[{_PAIRED}]{{2,}}")
_BORDER = re.compile(rf"(?<=[{_PAIRED}])(?=\d)|(?<=\d)(?=[{_PAIRED}])")
_ENGLISH = frozenset("the of and is are was were that by with has had to on from it they".split())
_FOREIGN = frozenset(
    "der die das und nicht ist mit den ein eine im am zu le les des et est une du dans il el los "
    "las es una por para che uno os uma het een och og jest nie".split()
)
_PREFIX, _SHARED = 5, 0.6  # letters, and share of the longer word
_ALIKE, _AROUND, _AROUND_ALIKE = 0.85, 0.6, 0.4  # of a word that is not in the quote as it is
_LIGHT_WEIGHT = 0.3
_IN_QUOTE = 0.3  # of the words must stand in the quote itself: a title alone carries nothing
# "The Moon is made of cheese": a sentence of few words says something else without one of them.
_UNTOLD, _FEW = 0.34, 3
_MISSING = 0.17  # of the words may be missing where a sentence is carried whole


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of a text.

    Attributes:
        low: In lower case, without accents.
        key: By which it is compared; that of a mark is the mark.
        tells: Whether it is no stop word and no mark.
    """

    text: str
    low: str
    key: str
    tells: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@lru_cache(maxsize=20_000)
def _word(text: str) -> Word:
    low = folded(text)
    return Word(text, low, key(text), text[0].isalnum() and low not in STOP_WORDS)


@lru_cache(maxsize=_KEPT)
def words(text: str) -> tuple[Word, ...]:
    """Return the words and marks of a text; text without spaces as characters and pairs of them."""
    found = []
    for token in _TOKEN.findall(in_digits(text)):
        if _UNSPACED.fullmatch(token):
            found += [_word(token[i : i + n]) for n in (1, 2) for i in range(len(token) + 1 - n)]
        else:
            found.append(_word(token))
    return tuple(found)


@lru_cache(maxsize=_KEPT)
def keys(text: str) -> frozenset[str]:
    """Return the keys of a text's words that are no stop words."""
    return frozenset(word.key for word in words(text) if word.tells)


def with_spaces(text: str) -> str:
    """Return the text with spaces around numbers that stand in text without any."""
    return _BORDER.sub(" ", text)


def is_english(text: str) -> bool:
    """Say whether the small words of a text are English; the grammar of others is not known."""
    said = words(text)
    if any(word.low in _ENGLISH for word in said):
        return True
    return folded(text).isascii() and not any(word.text in _FOREIGN for word in said)


def covered(sentence: str, quote: str, context: str, aside: frozenset[str]) -> tuple[float, bool]:
    """Return the share of the sentence's words that the source has, and whether none that counts
    is missing.

    Words count by how much they tell; numbers, judged by themselves, little. "The bridge was
    repaired" is not carried by a text about a bridge that has no repair in it.

    Args:
        aside: Keys of words that are judged by themselves and do not count if they are missing.
    """
    near, around = keys(quote), keys(context)
    shares = {
        one: _share(one, near, around)
        for one in dict.fromkeys(word.key for word in words(sentence) if word.tells)
    }
    weighed = [
        (_LIGHT_WEIGHT if one in LIGHT or one.isdigit() else 1.0, share, one in near)
        for one, share in shares.items()
        if share or one not in aside
    ]
    whole = sum(weight for weight, _, _ in weighed)
    if not whole:
        return 0.0, False
    quoted = sum(weight for weight, share, _ in weighed if share >= _ALIKE)
    missing = sum(weight for weight, share, _ in weighed if not share)
    lacking = missing > _UNTOLD * whole and len(weighed) <= _FEW
    if quoted < _IN_QUOTE * whole or lacking:
        return 0.0, False
    score = sum(weight * share for weight, share, _ in weighed) / whole
    return round(score, 3), missing <= _MISSING * whole


def _share(one: str, near: frozenset[str], around: frozenset[str]) -> float:
    if one in near:
        return 1.0
    if _has_like(one, near):
        return _ALIKE
    if one in around:
        return _AROUND
    return _AROUND_ALIKE if _has_like(one, around) else 0.0


def _has_like(one: str, others: frozenset[str]) -> bool:
    """Say whether one of the others begins as this word does: colonize, colonial."""
    if len(one) < _PREFIX or one.isdigit():
        return False
    return any(
        other.startswith(one[: max(_PREFIX, int(_SHARED * max(len(one), len(other))))])
        for other in others
        if other[:_PREFIX] == one[:_PREFIX]
    )
