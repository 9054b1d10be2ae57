"""Who and where: the names of a sentence must be those of its source, and do what they do there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kb.agreement import Agreement
from kb.agreement.naming import TITLES, is_common, is_name, same_name, spans, stands
from kb.agreement.places import is_replaced, is_swapped
from kb.agreement.wording import Word, is_english, keys, words
from kb.words import surnames

__all__ = ["names_agree"]

_POINTERS = frozenset(
    "he she it they his her its their him them this these those such we our i my you your".split()
)


def names_agree(sentence: str, quote: str, context: str) -> Agreement:
    """Say whether the names of a sentence are in its source, and in the places they have there.

    A name has to stand in the quote; or in its passage, where pronouns are explained, or its title.
    """
    source = f"{quote} {context}"
    english = is_english(sentence)
    said, told = words(sentence), words(quote)
    own = surnames(sentence)
    common = own and sentence.lstrip().startswith(own[0]) and is_common(own[0])
    own = own[1:] if common else own
    if any(not stands(name, source, english) for name in own):
        return Agreement.NO
    if not english:
        return Agreement.YES
    if _misjoined(said, words(source)) or is_swapped(said, told) or is_replaced(said, told):
        return Agreement.NO
    if (common and said[0].key not in keys(source)) or not _qualified(said, source):
        return Agreement.PARTLY
    head = context.partition("\n")[0]
    if _points(told) or all(stands(name, f"{quote} {head}", english) for name in own):
        return Agreement.YES
    others = any(
        not any(same_name(word.low, own) for own in {one.low for one in said})
        for word in told
        if is_name(word)
    )
    return Agreement.NO if others else Agreement.PARTLY


def _qualified(said: Sequence[Word], source: str) -> bool:
    """Say whether the source has what stands in front of names: French President Biden.

    A first name may be missing, and a title.
    """
    return all(
        word.low in TITLES or stands(word.text, source, english=True)
        for start, end in spans(said)
        for word in said[start : max(start, end - 2)]
    )


def _points(told: Sequence[Word]) -> bool:
    """Say whether a quote speaks of somebody or something that its passage has named before."""
    if any(word.low in _POINTERS for word in told):
        return True
    return len(told) > 1 and told[0].text == "The" and not told[1].capital


def _misjoined(said: Sequence[Word], source: Sequence[Word]) -> bool:
    """Say whether a name is joined to another one than in its source: John Kerry, John Dalli.

    A source may leave out a first name, but not have another in its place.
    """
    before: dict[str, set[str]] = {}
    behind: dict[str, set[str]] = {}
    last = ""
    for word in source:
        now = word.low if is_name(word) and word.low not in TITLES else ""
        if now:
            before.setdefault(now, set()).add(last)
        if last:
            behind.setdefault(last, set()).add(now)
        last = now
    return any(
        _is_other(first, before.get(second, set())) or _is_other(second, behind.get(first, set()))
        for start, end in spans(said)
        for first, second in pairwise([word.low for word in said[start:end]])
        if not {first, second} & TITLES
    )


def _is_other(name: str, known: set[str]) -> bool:
    """Say whether a name is none of those that are known, and one of them is always there."""
    return bool(known) and "" not in known and not any(same_name(name, one) for one in known)
