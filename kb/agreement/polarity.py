"""Whether a sentence says or denies what its source says or denies."""

from __future__ import annotations

from collections.abc import Sequence, Set

from kb.agreement import Agreement
from kb.agreement.forms import LIGHT, are_opposite, key, opposites
from kb.agreement.wording import Word, keys, words

__all__ = ["polarity_agrees"]

_NOT = frozenset(
    "not n't n’t never no none nobody nothing nowhere neither nor without cannot hardly barely "
    "scarcely".split()
)
# Verbs that deny what follows them.
_DENYING = frozenset(
    key(word)
    for word in "deny refuse reject fail prevent prohibit unable lack exclude avoid".split()
)
_ONLY = frozenset("only just merely simply least doubt".split())  # "not only" denies nothing
_BOUNDS = frozenset("more fewer less later earlier longer".split())  # nor does "no more than"
_ALL = frozenset("all every everyone everybody always".split())
_SOME = frozenset("some many several few half most part sometimes often".split())
_ENDS = frozenset(",;:.()[]—–!?")
_JOINTS = frozenset("but although though while whereas because which who unless".split())
_STOPS = _JOINTS | _NOT
_INSTEAD = {("instead", "of"), ("rather", "than")}
_SCOPE = 4  # telling words behind a negation


def polarity_agrees(sentence: str, quote: str) -> Agreement:
    """Say whether both say the same things or deny them: rose is not fell, did not is not did."""
    said, told = words(sentence), words(quote)
    # "rejected the offer" and "the offer was rejected" deny alike, whatever stands behind.
    both = {word.key for word in said} & {word.key for word in told} & _DENYING
    denied, refuted = _scopes(said, both), _scopes(told, both)
    here, there = {word.low for word in said}, {word.low for word in told}
    if here & _ALL and not there & _ALL and there & _SOME:
        return Agreement.NO
    if _clashes(said, told, {one for scope in denied + refuted for one in scope}):
        return Agreement.NO
    return min(
        _denials_stand(denied, refuted, quote),
        _denials_kept(refuted, denied, keys(sentence), told),
    )


def _scopes(text: Sequence[Word], aside: Set[str]) -> list[list[str]]:
    """Return for each negation but these the keys of the telling words that it denies."""
    found = []
    for i, word in enumerate(text):
        low = word.low
        after = [other.low for other in text[i + 1 : i + 3]] + ["", ""]
        if low not in _NOT and word.key not in _DENYING - aside and (low, after[0]) not in _INSTEAD:
            continue
        if after[0] in _ONLY or after[0] == "-" or (after[0] in _BOUNDS and after[1] == "than"):
            continue
        scope: list[str] = []
        for other in text[i + 1 :]:
            if other.low in _STOPS or other.text in _ENDS or len(scope) == _SCOPE:
                break
            if other.tells:
                scope.append(other.key)
        found.append(scope)
    return found


def _denials_stand(denied: list[list[str]], refuted: list[list[str]], quote: str) -> Agreement:
    """Say whether the quote denies what the sentence denies."""
    there = {one for scope in refuted for one in scope}
    have = keys(quote)
    found = Agreement.YES
    for scope in denied:
        if there & set(scope) or (not scope and refuted):
            continue
        if any(are_opposite(one, other) for one in set(scope) - have for other in have):
            found = Agreement.PARTLY  # "did not rise" where it fell
        elif not refuted or have & set(scope):
            return Agreement.NO
        else:
            found = Agreement.PARTLY
    return found


def _denials_kept(
    refuted: list[list[str]], denied: list[list[str]], said: frozenset[str], told: Sequence[Word]
) -> Agreement:
    """Say whether the sentence does not say what the quote denies."""
    here = {one for scope in denied for one in scope}
    inside = [one for scope in refuted for one in scope]
    also = {
        w.key for w in told if w.tells and [x.key for x in told].count(w.key) > inside.count(w.key)
    }
    found = Agreement.YES
    for scope in refuted:
        hits = [one for one in scope if one in said]
        if here & set(scope) or not hits:
            continue
        plain = [one for one in hits if one not in also]
        if plain and (plain[0] == scope[0] or 2 * len(plain) > len(scope)):
            return Agreement.NO
        found = Agreement.PARTLY
    return found


def _clashes(said: Sequence[Word], told: Sequence[Word], denied: set[str]) -> bool:
    """Say whether the quote has a word that denies the sentence's own in the same place."""
    here, there = _beside(said), _beside(told)
    return any(
        beside & there.get(other, set()) - here.get(other, set())
        for one, beside in here.items()
        if one not in denied and not beside & there.get(one, set())
        for other in opposites(one) - denied
    )


def _beside(text: Sequence[Word]) -> dict[str, set[str]]:
    """Return the telling words in front of each word and behind it, by keys."""
    found: dict[str, set[str]] = {}
    last = ""
    open_ones: list[str] = []
    for word in text:
        counts = word.tells and word.key not in LIGHT
        if counts:
            for one in open_ones:
                found[one].add(word.key)
            open_ones = []
        if counts or opposites(word.key):
            found.setdefault(word.key, set()).add(last)
            open_ones.append(word.key)
        if counts:
            last = word.key
    for beside in found.values():
        beside.discard("")
    return found
