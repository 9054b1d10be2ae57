"""What the patterns of dates share: the names of months, what makes one doubtful, the rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Literal

from index.names import capitals_tell, starts_sentence
from index.periods import MONTHS, Precision, Said
from index.stopwords import STOP_WORDS

__all__ = [
    "DAY_CUES",
    "IN_CUES",
    "MONTH_CUES",
    "MONTH_NAMES",
    "NUMBER",
    "PARTS",
    "YEAR_CUES",
    "Rule",
    "followed_by",
    "may_be_verb",
    "month_number",
    "rules",
]

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], Said | None]]
"""What it looks like, and what it says on a day; None if it says nothing after all.

The second raises ``ValueError`` or ``OverflowError`` for what looks like a date but does not exist.
"""

MONTH_NAMES = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)

NUMBER = r"(?<![\w.,:/$€£¥#+-])"  # where a number begins
PARTS: dict[int, Precision] = {1: "month", 3: "quarter", 6: "half", 12: "year"}
"""What so many months are."""

IN_CUES = frozenset("in since between from until".split())
MONTH_CUES = IN_CUES | {"after", "before"}
YEAR_CUES = MONTH_CUES | {"of", "by"}
DAY_CUES = YEAR_CUES | {"on"}

_VERBS_TOO = frozenset("may mar march".split())
# What may follow on "since March" or "of 2023" if they are dates, beside the stop words.
_GO_ON = STOP_WORDS | frozenset(
    "after before during not onward onwards regarding since through until within without".split()
)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)\b|\bof\b", re.I)
_NEXT = re.compile(r"\s+([^\W\d_][\w’']*)")


def month_number(name: str) -> int:
    """Return 1 to 12 of an English month's name, or of its first three letters."""
    return [month[:3].casefold() for month in MONTHS].index(name[:3].casefold()) + 1


def followed_by(match: re.Match[str]) -> Literal["nothing", "name", "word"]:
    """Return what follows: a name, a word with a meaning of its own, or nothing of the kind."""
    following = _NEXT.match(match.string, match.end())
    if not following or following.group(1).casefold() in _GO_ON:
        return "nothing"
    large = following.group(1)[0].isupper() and capitals_tell(match.string)
    return "name" if large else "word"


def may_be_verb(match: re.Match[str]) -> bool:
    """Say whether "may" or "march" need not be a month here; in "5th of march" it has to be."""
    name, start = match["month"], match.start("month")
    if name.casefold() not in _VERBS_TOO or _ORDINAL.search(match.group()):
        return False
    large = name[0].isupper() and capitals_tell(match.string)
    return not large or starts_sentence(match.string, start)


def rules(
    *written: tuple[str, Callable[[re.Match[str], dt.date], Said | None]],
) -> tuple[Rule, ...]:
    """Return the rules with their patterns compiled; upper and lower case are the same."""
    return tuple((re.compile(pattern, re.I), read) for pattern, read in written)
