"""What names do: they must stand in the places, and act, as they do in the source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.agreement.forms import key
from kb.agreement.naming import TITLES, is_short, same_name, spans
from kb.agreement.wording import Word

__all__ = ["is_replaced", "is_swapped"]

_SYMMETRIC = frozenset(
    key(word)
    for word in "meet marry resemble border join say write add reply explain note agree".split()
)
_BE = frozenset("be been being is are was were".split())
_AUXILIARIES = _BE | frozenset(
    "has have had did does do will would can could also then later first".split()
)
_BETWEEN = frozenset("the a an his her its their over up out down off".split()) | TITLES
_ROMAN = re.compile(r"[IVX]+")  # of a king; it tells nobody
_MARKS = frozenset('.,;:()[]—–"“”!?')
_FAR = 12  # words; what is further away does not tell a place


def is_replaced(said: Sequence[Word], told: Sequence[Word]) -> bool:
    """Say whether the quote has another name in the place of one of the sentence.

    "Merkel opened the bridge", and the quote: "Scholz opened the bridge". A place is known by the
    telling words next to it: by one of them, or by both if the quote has the name elsewhere.
    """
    own, have = {word.low for word in said}, {word.low for word in told}
    there = [(told[a:b], _anchors(told, a, b)) for a, b in spans(told)]
    for start, end in spans(said):
        if any(is_short(said[start:end], names) for names, _ in there):
            continue
        run = {word.low for word in said[start:end]}
        known = any(same_name(one, other) for one in run for other in have)
        before, behind = _anchors(said, start, end)
        if known and not (before and behind):
            continue
        places = [
            {word.low for word in names}
            for names, (left, right) in there
            if (
                before == left and behind == right
                if known
                else _one_of(before, left, behind, right)
            )
        ]
        if any(same_name(one, other) for one in run for place in places for other in place):
            continue
        if any(not any(same_name(a, b) for a in place for b in own) for place in places):
            return True
    return False


def _one_of(before: str, left: str, behind: str, right: str) -> bool:
    return bool((before and before == left) or (behind and behind == right))


def _anchors(text: Sequence[Word], start: int, end: int) -> tuple[str, str]:
    """Return the keys of the telling words next to these, "" where a mark comes first."""
    return _next_told(text[max(0, start - _FAR) : start][::-1]), _next_told(text[end : end + _FAR])


def _next_told(text: Sequence[Word]) -> str:
    for word in text:
        if word.text in _MARKS:
            return ""
        if word.tells:
            return word.key
    return ""


def is_swapped(said: Sequence[Word], told: Sequence[Word]) -> bool:
    """Say whether somebody does in the sentence what is done to them in the quote, or reversed."""
    here, there = _roles(said), _roles(told)
    return any(
        (word, name, not acts) in there and (word, name, acts) not in there
        for word, name, acts in here
    )


def _roles(text: Sequence[Word]) -> set[tuple[str, str, bool]]:
    """Return the verbs next to names, with the name, and whether it acts: "hit by Y" is Y's act."""
    found = set()
    for start, end in spans(text):
        own = {word.low for word in text[start:end] if not _ROMAN.fullmatch(word.text)}
        i = end
        while i < len(text) and (text[i].low in _AUXILIARIES or text[i].text.endswith("ly")):
            i += 1
        helped = {word.low for word in text[end:i]} & _BE
        if i < len(text) and _is_verb(text[i]):
            passive = bool(helped) and not text[i].text.endswith("ing")
            found |= {(text[i].key, name, not passive) for name in own}
        i = start - 1
        while i >= 0 and text[i].low in _BETWEEN:
            i -= 1
        by = i >= 0 and text[i].low == "by"
        i -= by
        if i >= 0 and _is_verb(text[i]):
            found |= {(text[i].key, name, by) for name in own}
    return found


def _is_verb(word: Word) -> bool:
    return (
        word.tells and not word.capital and word.key not in _SYMMETRIC and not word.text.isdigit()
    )
