"""Months, quarters and years that a word in front makes a date: "in October", "since 2023"."""

from __future__ import annotations

import datetime as dt
import re

from index.date_patterns import (
    IN_CUES,
    MONTH_CUES,
    MONTH_NAMES,
    NUMBER,
    YEAR_CUES,
    followed_by,
    may_be_verb,
    month_number,
    rules,
)
from index.periods import Said, latest_month, months_of

__all__ = ["BARE"]

_BARE_YEAR = r"(1[789]\d\d|20\d\d|2100)(?![\w%°]|[.,:/]\d|-(?![12]\d{3}\b))"
_PEOPLE_TOO = frozenset("april may june august".split())
_COUNTED = re.compile(
    r"\s+(?:people|men|women|children|votes|seats|words|points|times|days|weeks|months|years|hours"
    r"|minutes|miles|metres|meters|feet|yards|km|kg|tons|tonnes|dollars|euros|pounds|cases|deaths)\b",
    re.I,
)
_REPORT = (
    r"(?:articles?|coverage|editorial|interview|news|post|reports?|review|story|stories|study)"
)


def _quarter(match: re.Match[str], now: dt.date) -> Said:
    month = int(match[1]) * 3 - 2
    year = now.year - (month > now.month)
    return Said(months_of(year, month, 3, "quarter"), *match.span(), YEAR_CUES)


def _decade(match: re.Match[str], now: dt.date) -> Said:
    return Said(months_of(int(match[1]), 1, 120, "decade"), *match.span(), YEAR_CUES)


def _month(match: re.Match[str], now: dt.date) -> Said | None:
    """Read "in October"; "in March Madness" and "after May resigned" are none."""
    month, follows = month_number(match["month"]), followed_by(match)
    doubtful = match["month"].casefold() in _PEOPLE_TOO or may_be_verb(match)
    if follows == "name" and (doubtful or month == 3):
        return None
    cues = MONTH_CUES if follows == "nothing" else frozenset({"in"})
    if may_be_verb(match):
        cues &= IN_CUES
    if doubtful:
        cues -= {"from"}
    return Said(latest_month(month, now), *match.span(), cues, (month, 0))


def _year(match: re.Match[str], now: dt.date) -> Said | None:
    """Read "in 2023", "the 2023 report"; "after 2000 people" is none."""
    period = months_of(int(match[1]), 1, 12, "year")
    if _COUNTED.match(match.string, match.end()):
        return None
    cues = frozenset({"in", "since"}) if followed_by(match) == "word" else YEAR_CUES
    return Said(period, *match.span(), cues)


def _year_of_report(match: re.Match[str], now: dt.date) -> Said:
    return Said(months_of(int(match[1]), 1, 12, "year"), *match.span(1))


BARE = rules(
    (r"\bQ([1-4])\b", _quarter),
    (rf"{NUMBER}(1[789]\d0|20\d0)['’]?s\b", _decade),
    (
        rf"(?:\b(?:the|an?|its|his|her|their|this)\s+|(?<=['’]s\s)){_BARE_YEAR}"
        rf"(?=\s+(?:annual\s+)?{_REPORT}\b)",
        _year_of_report,
    ),
    (rf"\b{MONTH_NAMES}", _month),
    (rf"(?:{NUMBER}|(?<=[12]\d{{3}}-)){_BARE_YEAR}", _year),
)
"""What is a date only behind a word like "in"."""
