"""The days that a question speaks of: "on 10 October 2023", "after yesterday", "from May to July".

A day without a year is the latest such day that the articles may tell of; a bare year or month is a
date only behind a word like "in". What is written as a date and does not exist is none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from index.bare_dates import BARE
from index.periods import Period, Precision, Said, day_of, months_of
from index.relative_dates import RELATIVE
from index.written_dates import WRITTEN

__all__ = ["DateRange", "date_ranges"]

_RULES = (*WRITTEN, *RELATIVE, *BARE)
_LOOKED_AT = 48  # characters in front of a date
_INSIDE = (
    r"(?:(?:the\s+)?(?:end|start|beginning|middle|month|year|week|morning|evening|night)\s+of\s+)?"
    r"(?:the\s+)?(?:year\s+|(?:early|mid|late)[\s-]+)?[\"'“‘(\[]?"
)
_CUE = re.compile(
    r"\b(?:(?P<after>after|later\s+than|following)"
    r"|(?P<since>since|on\s+or\s+after|(?:no|not)\s+(?:earlier\s+than|before)"
    r"|(?:starting|beginning)(?:\s+(?:in|on|from))?)"
    r"|(?P<before>before|prior\s+to|earlier\s+than|ahead\s+of|preceding)"
    r"|(?P<until>until|till|through|up\s+to|as\s+of|on\s+or\s+before"
    r"|(?:no|not)\s+(?:later\s+than|after))"
    r"|(?P<by>by)|(?P<between>between)|(?P<from>from)|(?P<of>of)|(?P<on>on|dated)"
    rf"|(?P<in>in|during|throughout|within))\s+{_INSIDE}$",
    re.I,
)
_BEHIND = re.compile(
    r"\s+(?:(?P<since>(?:(?:and|or)\s+(?:later\b(?!\s+than)|after(?=\W*$)|onwards?\b)|onwards?\b))"
    r"|(?P<until>(?:and|or)\s+(?:earlier\b(?!\s+than)|before(?=\W*$))))"
    r"|(?P<after>之[后後]|以[后後]|[后後])|(?P<chinese_since>以[来來]|起)|(?P<before>之前|以前|前)",
    re.I,
)
_TO = re.compile(
    rf",?\s+(?:(?P<and>and|&)|to|until|till|through|up\s+to|[-–—])\s+{_INSIDE}|\s?[-–—]\s?", re.I
)
_LIST = re.compile(
    rf"(?:,|,?\s+(?:and|or|&|to|until|till|through|[-–—]))\s+(?:(?:on|in)\s+)?{_INSIDE}|\s?[-–—]\s?",
    re.I,
)
_SIDES = {"after": "after", "since": "since", "before": "before", "until": "until", "by": "until"}
_ONE_DAY = dt.timedelta(days=1)
_SOON = dt.timedelta(days=92)  # articles of August speak of what is to come in September


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days of which a question speaks.

    Attributes:
        since, until: The first and the last of them, ISO 8601; None if there is none.
        precision: How exactly they are said.
        label: How a reader is told: "on: 5 Oct 2023", "in: October 2023", "after: 10 Oct 2023".
        start, end: Its characters in the question, with the word in front that says "after".
    """

    since: str | None
    until: str | None
    precision: Precision
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Cue:
    """The word in front of a date, "" if there is none, and where it starts."""

    word: str
    start: int


def date_ranges(text: str, now: dt.date, newest: dt.date | None = None) -> tuple[DateRange, ...]:
    """Return the days that a text speaks of, in order; no two of its pieces overlap.

    "after" a day or month leaves it out, "since" does not; the same for "before" and "until".

    Args:
        now: The day that is today.
        newest: That of the newest article: of articles that end two years ago, "19 August" is
            hardly this year's. A day without a year is at most ``_SOON`` after it.
    """
    latest = newest + _SOON if newest and newest < now - _SOON else now
    said = _with_years(text, sorted(_said(text, now, latest), key=lambda one: one.start))
    found = list[DateRange]()
    last = accepted = None
    for one, other in zip_longest(said, said[1:]):
        if one is last:
            continue
        cue = _cue(text, found[-1].end if found else 0, one.start)
        if other and _from_to(text, cue, one, other):
            last = accepted = other
            found.append(_between(cue, one, other))
        elif _is_date(text, cue, one, accepted):
            accepted = one
            found += _ranged(text, cue, one)
    return tuple(found)


def _said(text: str, now: dt.date, latest: dt.date) -> Iterator[Said]:
    """Yield the periods that the text names; of two that overlap, that of the earlier rule.

    Args:
        latest: The last day that one without a year may be.
    """
    taken = bytearray(len(text))
    for rule in _RULES:
        pattern, read = rule
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            try:
                said = read(match, now if rule in RELATIVE else latest)
            except (ValueError, OverflowError):  # there is no such day
                taken[start:end] = b"\x01" * (end - start)
                continue
            if said:
                taken[start:end] = b"\x01" * (end - start)
                yield said


def _with_years(text: str, said: list[Said]) -> list[Said]:
    """Return the same; of two dates side by side, one without a year has the other's."""
    for i in range(len(said) - 1):
        one, other = said[i : i + 2]
        if bool(one.without_year) == bool(other.without_year):
            continue
        if not _LIST.fullmatch(text, one.end, other.start):
            continue
        place, known, step = (i, other, -1) if one.without_year else (i + 1, one, 1)
        period = _in_year(said[place], known.period.first.year)
        if (period.first - known.period.first).days * step < 0:
            period = _in_year(said[place], known.period.first.year + step)
        said[place] = replace(said[place], period=period, without_year=None)
    return said


def _in_year(said: Said, year: int) -> Period:
    """Return the period in that year, or as it is if that year has no such day."""
    if not said.without_year:
        return said.period
    month, day = said.without_year
    try:
        return day_of(year, month, day) if day else months_of(year, month, 1, "month")
    except ValueError:
        return said.period


def _cue(text: str, after: int, start: int) -> _Cue:
    """Return the cue in front of ``start``, and behind ``after``, where another date ends."""
    first = max(after, start - _LOOKED_AT)
    match = _CUE.search(text[first:start])
    return _Cue(match.lastgroup or "", first + match.start()) if match else _Cue("", start)


def _is_date(text: str, cue: _Cue, said: Said, before: Said | None) -> bool:
    """Say whether what stands around a period makes it a date, or the date it is in a list with."""
    if not said.cues or cue.word in said.cues or _BEHIND.match(text, said.end):
        return True
    alike = before is not None and before.period.precision == said.period.precision
    return alike and before is not None and bool(_LIST.fullmatch(text, before.end, said.start))


def _from_to(text: str, cue: _Cue, one: Said, other: Said) -> bool:
    """Say whether the two are the ends of one stretch of time."""
    to = _TO.fullmatch(text, one.end, other.start)
    if not to or one.open or other.open:
        return False
    if to["and"]:
        return cue.word == "between"
    sure = not one.cues and not other.cues
    return sure or cue.word in ("from", "between") or cue.word in one.cues


def _between(cue: _Cue, one: Said, other: Said) -> DateRange:
    first, last = sorted((one.period, other.period), key=lambda period: period.first)
    since, until = first.first, max(first.last, last.last)
    both = first.has_name and last.has_name
    label = f"{first} and {last}" if both else str(Period(since, until, "week"))
    return DateRange(
        since.isoformat(),
        until.isoformat(),
        one.period.precision,
        f"between: {label}",
        cue.start,
        other.end,
    )


def _ranged(text: str, cue: _Cue, said: Said) -> list[DateRange]:
    """Return the days that the words around a period make of it; none if no calendar has them."""
    side, end = _SIDES.get(cue.word, ""), said.end
    behind = None if side else _BEHIND.match(text, end)
    if behind:
        side, end = (behind.lastgroup or "").removeprefix("chinese_"), behind.end()
    elif said.open and not side:
        side = "since"
    try:
        since, until = _days(said.period, side)
    except OverflowError:
        return []
    days = [day.isoformat() if day else None for day in (since, until)]
    label = _label(said.period, side)
    return [DateRange(days[0], days[1], said.period.precision, label, cue.start, end)]


def _days(period: Period, side: str) -> tuple[dt.date | None, dt.date | None]:
    match side:
        case "after":
            return period.last + _ONE_DAY, None
        case "since":
            return period.first, None
        case "before":
            return None, period.first - _ONE_DAY
        case "until":
            return None, period.last
    return period.first, period.last


def _label(period: Period, side: str) -> str:
    if not side:
        one_day = period.first == period.last
        return f"{'on' if one_day else 'in' if period.has_name else 'between'}: {period}"
    edge = period.start if side in ("since", "before") else period.end
    return f"{side}: {period if period.has_name else edge}"
