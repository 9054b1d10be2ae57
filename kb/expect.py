"""What kind of thing a question asks for, and whether a sentence has one; English only."""

from __future__ import annotations

import re

__all__ = [
    "YES_NO",
    "asks_for_a_number",
    "asks_to_explain",
    "asks_when",
    "asks_yes_or_no",
    "fits",
]

YES_NO = ("Yes", "No")
"""What answers a question that can be decided."""

_KINDS = {
    "number": r"\bhow (?:many|much|long|far|old|big|large|high|tall|fast|often)\b"
    r"|\bwhat (?:number|percentage|share|distance|score|price|size)\b",
    "date": r"\bwhen\b|\b(?:what|which|on what|on which) (?:year|date|day|month)\b",
    "name": r"\bwho(?:m|se)?\b|\bwhere\b"
    r"|\b(?:what|which) (?:town|city|country|village|place|region|company|bank|team)\b",
    "reason": r"\bwhy\b|\breasons?\b",
}
_ASKS = {kind: re.compile(pattern, re.I) for kind, pattern in _KINDS.items()}
_DAYS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
_COUNTS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds "
    "thousand thousands million millions billion half third first second twice".split()
)
_REASON = re.compile(r"\b(?:because|since|so that|in order|due to|caused|reasons?|as|to)\b", re.I)
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
_WORD = re.compile(r"\w+")

_VERB = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must)"
    r"(?:n[’']t)?\b"
)
_W_WORD = r"\b(?:who(?:m|se)?|what|which|when|where|why|how)\b"
_DECIDES = re.compile(rf"(?:^|,)\s*{_VERB}", re.I)
_BEGINS_OPEN = re.compile(rf"(?:^|,)\s*(?:\w+\s+){{0,2}}?{_W_WORD}", re.I)
_CHOICE = re.compile(
    r"\b\w+,? or (?:an? |the )?\w+\s*\?\s*$|\b(\w+) or (?:in|un|im|dis|non-?)\1\b"
    r"|(?-i:\b[A-Z]\w+ or (?:the )?[A-Z]\w+)",
    re.I,
)
_LONG = re.compile(
    r"\b(?:explain|describe|summari[sz]e|summary|compare|discuss|tell me|overview|outline)\b"
    r"|\bwhat (?:happened|happens|is known)\b",
    re.I,
)


def asks_yes_or_no(question: str) -> bool:
    """Say whether the answer is yes or no: it asks with a verb, and offers no choice of words."""
    asked = question.strip()
    decides, opens = _DECIDES.search(asked), _BEGINS_OPEN.search(asked)
    first = decides is not None and (opens is None or decides.start() <= opens.start())
    return first and not _CHOICE.search(asked)


def asks_for_a_number(question: str) -> bool:
    """Say whether a figure answers the question."""
    return bool(_ASKS["number"].search(question))


def asks_when(question: str) -> bool:
    """Say whether a day, a month or a year answers the question."""
    return bool(_ASKS["date"].search(question))


def asks_to_explain(question: str) -> bool:
    """Say whether no few words could answer it: it wants something told or explained."""
    return bool(_LONG.search(question))


def fits(question: str, sentence: str) -> bool:
    """Say whether the sentence has what the question asks for and does not say itself."""
    asked = set(_WORD.findall(question.casefold()))
    words = [word for word in _WORD.findall(sentence) if word.casefold() not in asked]
    if _ASKS["number"].search(question):
        return any(word[0].isdigit() or word.casefold() in _COUNTS for word in words)
    if _ASKS["date"].search(question):
        return any(word.casefold() in _DAYS or _YEAR.fullmatch(word) for word in words)
    if _ASKS["name"].search(question):
        return any(word[0].isupper() for word in words[1:])
    return bool(_ASKS["reason"].search(question) and _REASON.search(sentence))
