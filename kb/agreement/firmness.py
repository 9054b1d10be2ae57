"""A sentence must not be firmer than its source: "may", "alleged", "he said that"."""

from __future__ import annotations

from kb.agreement import Agreement
from kb.agreement.forms import key
from kb.agreement.wording import Word, keys, words

__all__ = ["firmness_agrees"]

_DOUBT = frozenset(
    "may might could alleged allegedly reportedly suspected rumoured rumored believed thought "
    "expected likely unlikely possibly possible perhaps probably probable apparently supposed "
    "supposedly unconfirmed threatened planned plans proposed intends hopes hoped".split()
)
_REPORTS = frozenset(
    key(word) for word in "say claim insist argue allege assert warn estimate accuse".split()
) | {"accord"}
_REPORTED = 0.5  # of the words that are in the quote must be in what is reported
_ENDS = frozenset(".;:()—–!?")
_REACH = 5  # telling words behind a word of doubt


def firmness_agrees(sentence: str, quote: str) -> Agreement:
    """Say whether what the quote leaves open, or only reports, is left open or reported."""
    said, told = words(sentence), words(quote)
    shared = keys(sentence) & keys(quote)
    if not _is_doubted(said) and any(
        word.low in _DOUBT and _within(told[i + 1 :], shared, _REACH) for i, word in enumerate(told)
    ):
        return Agreement.PARTLY
    if not any(word.key in _REPORTS for word in said) and _is_reported(told, shared):
        return Agreement.PARTLY
    return Agreement.YES


def _is_doubted(text: tuple[Word, ...]) -> bool:
    return any(word.low in _DOUBT for word in text)


def _within(text: tuple[Word, ...], shared: frozenset[str], reach: int) -> bool:
    """Say whether one of the next telling words of this clause is shared."""
    for word in text:
        if word.text in _ENDS or not reach:
            return False
        if word.tells:
            reach -= 1
            if word.key in shared:
                return True
    return False


def _is_reported(told: tuple[Word, ...], shared: frozenset[str]) -> bool:
    """Say whether most of the shared words stand in what somebody says."""
    for i, word in enumerate(told):
        if word.key not in _REPORTS:
            continue
        behind = {other.key for other in told[i + 1 :]}
        before = {other.key for other in told[:i]}
        trails = word.key == "accord" or any(
            other.text in ',"”’' for other in told[max(0, i - 5) : i]
        )
        if len(shared & behind) >= _REPORTED * len(shared) or (
            trails and len(shared & before) >= _REPORTED * len(shared)
        ):
            return True
    return False
