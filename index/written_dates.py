"""Days, months, quarters and years as they are written: "10 October 2023", "Q3 2023", "in 2023".

Own patterns, and no parser of dates: ``dateparser`` takes any number for a day, adds today's day to
a bare month or year, and knows neither stretches of time nor what "after" in front means. The names
of months in other languages than English come from CLDR, by Babel.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from index.date_patterns import (
    DAY_CUES,
    MONTH_NAMES,
    NUMBER,
    PARTS,
    may_be_verb,
    month_number,
    rules,
)
from index.periods import Period, Said, day_of, latest_day, months_of

__all__ = ["WRITTEN"]

_NO_MORE = r"(?!\w|%|[.:,/]\d|\s*(?:%|percent\b|[ap]m\b))"
_ON = r"(?:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+(?:the\s+)?)?"
_MONTH = rf"{MONTH_NAMES}\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DAYS = (
    rf"{_DAY}(?:\s?[-–—]\s?|\s+(?:to|until|till|through|(?P<and>and|&))\s+(?:the\s+)?)"
    r"(?P<last>\d{1,2})(?:st|nd|rd|th)?"
)
_YEAR = r"(?P<year>[12]\d{3})(?![\w%]|[.,:/]\d)"
_THEN_YEAR = rf"(?:(?:,\s*|\s+|-)(?:of\s+)?{_YEAR})?"
_LANGUAGES = "cs da de es fi fr it nb nl pl pt ru sk sv tr uk".split()
_NTH = {"first": "1", "second": "2", "third": "3", "fourth": "4"}


def _iso(match: re.Match[str], now: dt.date) -> Said:
    return Said(day_of(*(int(match[i]) for i in (1, 3, 4))), *match.span())


def _numeric(match: re.Match[str], now: dt.date) -> Said:
    """Read "13/10/2023" and "10/13/2023"; who writes full stops writes the day first."""
    one, two = int(match[1]), int(match[3])
    day_first = match[2] == "." or one > 12
    if not day_first and two <= 12 and one != two:
        raise ValueError("either may be the day")
    day, month = (one, two) if day_first else (two, one)
    return Said(day_of(int(match[4]), month, day), *match.span())


def _days(match: re.Match[str], now: dt.date) -> Said | None:
    """Read "October 10-12, 2023"; "October 10 and 12" only after "between"."""
    before = match.string[max(0, match.start() - 16) : match.start()]
    if match["and"] and not re.search(r"\bbetween\s+(?:the\s+)?$", before, re.I):
        return None
    month, first, last = month_number(match["month"]), int(match["day"]), int(match["last"])
    year = int(match["year"] or latest_day(month, last, now).first.year)
    days = Period(dt.date(year, month, first), dt.date(year, month, last), "day")
    if days.first > days.last:
        raise ValueError("it ends before it starts")
    return Said(days, *match.span(), DAY_CUES if may_be_verb(match) else frozenset())


def _day(match: re.Match[str], now: dt.date) -> Said:
    month, day = month_number(match["month"]), int(match["day"])
    if match["year"]:
        return Said(day_of(int(match["year"]), month, day), *match.span())
    cues = DAY_CUES if may_be_verb(match) else frozenset[str]()
    return Said(latest_day(month, day, now), *match.span(), cues, (month, day))


def _month_of_year(match: re.Match[str], now: dt.date) -> Said:
    month = month_number(match["month"])
    return Said(months_of(int(match["year"]), month, 1, "month"), *match.span())


def _part_of_year(match: re.Match[str], now: dt.date) -> Said:
    """Read "Q3 2023", "2023 H1" and "the third quarter of 2023"."""
    kind, number = match["kind"] or match["unit"], match["number"] or match["nth"]
    count = 6 if kind[0].casefold() == "h" else 3
    part = int(_NTH.get(number.casefold(), number[0])) - 1
    if part * count >= 12:
        raise ValueError("a year has two halves")
    return Said(months_of(int(match["year"]), part * count + 1, count, PARTS[count]), *match.span())


def _chinese(match: re.Match[str], now: dt.date) -> Said:
    """Read "2023年10月10日" and "2023년 10월"; Japanese writes as Chinese does."""
    year, month, day = (int(number or 0) for number in match.groups())
    if day:
        return Said(day_of(year, month, day), *match.span())
    count = 1 if month else 12
    return Said(months_of(year, month or 1, count, PARTS[count]), *match.span())


def _foreign(match: re.Match[str], now: dt.date) -> Said | None:
    """Read "10. října 2023" and "en octobre 2023"."""
    month = _foreign_months().get(match["name"].casefold())
    if not month:
        return None
    if match["day"]:
        return Said(day_of(int(match["year"]), month, int(match["day"])), *match.span())
    return Said(months_of(int(match["year"]), month, 1, "month"), match.start("name"), match.end())


@cache
def _foreign_months() -> dict[str, int]:
    from babel.dates import get_month_names

    return {
        str(name).casefold(): int(number)
        for language in _LANGUAGES
        for form in ("format", "stand-alone")
        for number, name in get_month_names("wide", form, language).items()
    }


WRITTEN = rules(
    (
        rf"{NUMBER}([12]\d{{3}})([-/])(\d{{1,2}})\2(\d{{1,2}})(?!\d|[-/]\d)"
        r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?",
        _iso,
    ),
    (rf"{NUMBER}(\d{{1,2}})([./-])(\d{{1,2}})\2([12]\d{{3}})(?!\w|[./-]\d)", _numeric),
    (
        r"(?<!\d)([12]\d{3})\s?[年년](?:\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日号號일])?)?",
        _chinese,
    ),
    (rf"{_ON}\b{_MONTH}\s*{_DAYS}{_NO_MORE}{_THEN_YEAR}", _days),
    (rf"{NUMBER}{_DAYS}\s+(?:of\s+)?{_MONTH}{_THEN_YEAR}", _days),
    (rf"{_ON}\b{_MONTH}\s*{_DAY}{_NO_MORE}{_THEN_YEAR}", _day),
    (rf"{_ON}{NUMBER}{_DAY}[\s-]*(?:of\s+)?{_MONTH}{_THEN_YEAR}", _day),
    (
        r"\b(?:(?P<kind>[QH])(?P<number>[1-4])"
        r"|(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)\s+(?P<unit>quarter|half))"
        rf"(?:,?\s+(?:of\s+)?|[-/]){_YEAR}",
        _part_of_year,
    ),
    (
        rf"{NUMBER}(?P<year>[12]\d{{3}})[\s/-]?(?P<kind>[QH])(?P<number>[1-4])\b(?P<unit>)(?P<nth>)",
        _part_of_year,
    ),
    (rf"\b{_MONTH}(?:,?\s*|\s+of\s+|[-/]){_YEAR}", _month_of_year),
    (
        rf"(?:{NUMBER}(?P<day>\d{{1,2}})\.?(?:er|º)?\s+(?:de\s+)?|\b(?:en|im|in|em|i|w|v|ve|в|у)\s+)"
        rf"(?P<name>[^\W\d_]{{3,12}})\s+(?:del?\s+)?{_YEAR}",
        _foreign,
    ),
)
"""What is a date wherever it stands."""
