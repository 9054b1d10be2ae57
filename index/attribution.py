"""Words that say who reports: "according to …", "an article in …", "… said"; English only."""

from __future__ import annotations

import re

from index.sentences import Span

__all__ = ["attributed", "listed_with", "quoted_alone", "speaks_of_reports"]

_DONE = (  # "reported by Time"
    "announced argued claimed cited covered described detailed discussed explained featured "
    "highlighted mentioned noted outlined posted predicted printed published quoted reported "
    "revealed reviewed said shown stated suggested told written"
)
_TEXTS = (
    "account accounts analyses analysis article articles column columns coverage editorial "
    "editorials excerpt excerpts headline headlines interview interviews news piece pieces post "
    "posts report reporting reports review reviews stories story"
)
_MADE_BY = "blog journal magazine newspaper newspapers online outlet outlets paper podcast website"
_DOES = (
    "argue argued argues claim claimed claims confirm confirmed confirms cover covered covers "
    "credit credited credits describe described describes discuss discussed discusses explain "
    "explained explains highlight highlighted highlights implied implies imply indicate indicated "
    "indicates mention mentioned mentions note noted notes portray portrayed portrays praise "
    "praised praises predict predicted predicts publish published publishes recommend recommended "
    "recommends reported reveal revealed reveals reviewed said say says state stated states "
    "suggest suggested suggests tell tells told warn warned warns write writes wrote"
)
_LOOKED_AT = 60  # characters around a name


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_OPENING = r"[\"'“‘«„(\[]*"
_CLOSING = r"[\"'”’»“)\]]*"
_BEFORE = re.compile(
    rf"\b(?:according to|{_any(_DONE)} (?:by|in|on|to|from)"
    rf"|{_any(_TEXTS + ' ' + _MADE_BY)} (?:by|in|from|at|like|such as)|sources?:)"
    rf"(?: (?:both|either))?(?: the)? {_OPENING}$",
    re.I,
)
_LOOSELY_BEFORE = re.compile(rf"\b(?:by|via|per|(?:in|from)(?: the)?) {_OPENING}$", re.I)
_GOES_ON = re.compile(r"[ -](?:of|to)\b", re.I)  # "in the age of", "from time to time"
_AFTER = re.compile(
    rf"{_CLOSING}(?:['’]s)?{_CLOSING}"
    r"(?: (?:also|first|just|recently|later|previously|originally|then|ever|own|latest))?"
    rf" (?:(?P<text>{_any(_TEXTS + ' ' + _MADE_BY)})|{_any(_DOES)})\b",
    re.I,
)
_DETERMINED = re.compile(rf"\b(?:the|an?|another|other) {_OPENING}$", re.I)  # "the Time article"
# What may stand before a source that does something: not "at that" (time said).
_BEFORE_DOER = re.compile(
    r"(?:^|[.,;:!?—–(\"'“‘]|\b(?:did|does|do|has|have|had|was|is|while|whereas|and|or|but|when"
    rf"|what|why|how|whether|if|as|after|before|since|both|either))\s*{_OPENING}$",
    re.I,
)
_REPORTS = re.compile(rf"\b(?:{_any(_TEXTS + ' ' + _DOES)}|according to)\b", re.I)
_JOINED = re.compile(
    rf"{_CLOSING}(?:['’]s)?(?P<comma>,)?(?P<and> (?:and|or|nor|versus|vs\.?|than|&))?"
    rf"(?: (?:in|from|by|both))?(?: the)? {_OPENING}",
    re.I,
)
_LIST_GOES_ON = re.compile(rf"{_CLOSING}(?:,| (?:and|or)\b)", re.I)
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“", "»": "«"}


def speaks_of_reports(text: str) -> bool:
    """Say whether the text speaks of an article, or of who says something."""
    return bool(_REPORTS.search(text))


def attributed(text: str, start: int, end: int, *, small: bool, loosely: bool) -> bool:
    """Say whether the words around ``text[start:end]`` make it a source.

    Args:
        small: It is written without a capital, so that "at that time reported" is possible.
        loosely: Whether "in" or "from" in front is enough, or "the" with "article" behind.
    """
    if small and _GOES_ON.match(text, end):
        return False
    before = text[max(0, start - _LOOKED_AT) : start]
    if _BEFORE.search(before):
        return True
    after = _AFTER.match(text, end)
    if after and (not small or _BEFORE_DOER.search(before)):
        return True
    if not loosely:
        return False
    article = bool(after and after["text"]) and bool(_DETERMINED.search(before))
    return article or bool(_LOOSELY_BEFORE.search(before))


def quoted_alone(text: str, start: int, end: int) -> bool:
    """Say whether quotation marks stand around ``text[start:end]``."""
    return bool(start) and _QUOTES.get(text[start - 1]) == text[end : end + 1]


def listed_with(text: str, left: Span, right: Span) -> bool:
    """Say whether the two spans, in order, stand in one list: "A and B"; "A, B" of "A, B, C"."""
    if not left[1] <= right[0] <= left[1] + _LOOKED_AT:
        return False
    joined = _JOINED.fullmatch(text, left[1], right[0])
    if not joined:
        return False
    goes_on = joined["comma"] and _LIST_GOES_ON.match(text, right[1])
    return bool(joined["and"] or goes_on)
