"""When: Monday's figure is not Friday's, and a day by its date is the same as by its weekday."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress

from kb.agreement import Agreement
from kb.agreement.forms import key
from kb.agreement.wording import keys

__all__ = ["DATE", "MONTHS", "days_agree"]

MONTHS = (
    "january february march april may june july august september october november december"
).split()
"""In English, lower case."""
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = "|".join(name.capitalize() for name in MONTHS)
DATE = re.compile(
    rf"(?:\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?\b({_MONTH})\b"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?(?![\w.]|,\d))?(?:,? (\d{4})\b)?"
)
"""A month, with a day before it or behind it and a year, if these are there: groups 2, 1, 3, 4."""
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(name.capitalize() for name in _WEEKDAYS)})(?=s?\b)")
_DAY = re.compile(rf"\b(?:{_MONTH}|{'|'.join(name.capitalize() for name in _WEEKDAYS)})\b")
_PART = re.compile(r"[,;:()—–]|\b(?:and|but|while)\b")
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_RELATIVE_WORD = re.compile(r"\b(?:yesterday|today|tonight|tomorrow)\b", re.I)


def days_agree(sentence: str, quote: str, context: str) -> tuple[Agreement, frozenset[str]]:
    """Say whether the days, months and years of a sentence are those of its source.

    What the quote leaves open is taken from the passage in front of it and from the article's date.

    Returns:
        Also the numbers that are explained so and need not stand in the quote.
    """
    head, _, passage = context.partition("\n")
    before = passage[: max(passage.find(quote), 0)]
    published = _last_date(head)
    days = list(_days_of(quote, published))
    explained: set[str] = set()
    for weekday in _WEEKDAY.findall(sentence):
        if not _weekday_stands(weekday, quote, before, published, days):
            return Agreement.NO, frozenset()
    for match in DATE.finditer(sentence):
        day, month, year = match[1] or match[3], match[2], match[4]
        if _date_in(day, month, year, quote, published):
            explained |= {day or "", year or ""}
        elif day and any(_is(one, day, month, year) for one in days):
            explained |= {day, year or ""}
        elif _silent(quote) and (
            _date_in(day, month, year, before, published)
            or (published and _is(published, day, month, year))
        ):
            explained |= {day or "", year or ""}
        else:
            return Agreement.NO, frozenset()
    if _crossed(sentence, quote):
        return Agreement.NO, frozenset()
    if published and not _YEAR.search(quote):
        explained |= {str(published.year)}
    return Agreement.YES, frozenset(explained - {""})


def _crossed(sentence: str, quote: str) -> bool:
    """Say whether the sentence tells of one day what the quote tells of another.

    "It was shut on Monday and opened on Friday" does not say that it was shut on Friday.
    """
    parts = [(set(_DAY.findall(part)), keys(part)) for part in _PART.split(quote)]
    said, days = keys(sentence), set(_DAY.findall(sentence))
    for own, mine in parts:
        for other, theirs in parts:
            apart = own and other and not own & other
            if apart and own & days and not other & days:
                named = {key(day) for day in own | other}
                if said & (theirs - mine - named) and not said & (mine - theirs - named):
                    return bool(mine - theirs - named)
    return False


def _is(known: dt.date, day: str | None, month: str, year: str | None) -> bool:
    return (
        (day is None or known.day == int(day))
        and MONTHS[known.month - 1] == month.lower()
        and (year is None or known.year == int(year))
    )


def _date_in(
    day: str | None, month: str, year: str | None, text: str, published: dt.date | None
) -> bool:
    """Say whether a text has this day or month; a year that it leaves out is the article's."""
    for match in DATE.finditer(text):
        found = match[4] or (str(published.year) if published and day else None)
        if match[2] != month or (day and day not in (match[1], match[3])):
            continue
        if year in (None, found) or (found is None and year in text):
            return True
    return False


def _silent(quote: str) -> bool:
    """Say whether a quote does not say when."""
    return not (_WEEKDAY.search(quote) or _RELATIVE_WORD.search(quote) or DATE.search(quote))


def _weekday_stands(
    weekday: str, quote: str, before: str, published: dt.date | None, days: list[dt.date]
) -> bool:
    if weekday in quote:
        return True
    if any(_WEEKDAYS[day.weekday()] == weekday.lower() for day in days):
        return True
    said = _WEEKDAY.findall(before)
    if not _silent(quote):
        return False
    if said:
        return bool(said[-1] == weekday)
    return published is not None and _WEEKDAYS[published.weekday()] == weekday.lower()


def _days_of(quote: str, published: dt.date | None) -> Iterator[dt.date]:
    """Yield the days that a quote names; a weekday is the last one before the article's date."""
    for match in DATE.finditer(quote):
        day, year = match[1] or match[3], match[4] or (str(published.year) if published else None)
        if day and year:
            with suppress(ValueError):
                yield dt.date(int(year), MONTHS.index(match[2].lower()) + 1, int(day))
    if not published:
        return
    for name in _WEEKDAY.findall(quote):
        back = (published.weekday() - _WEEKDAYS.index(name.lower())) % 7
        yield published - dt.timedelta(days=back)
        yield published + dt.timedelta(days=7 - back)
    for word in _RELATIVE_WORD.findall(quote):
        yield published + dt.timedelta(days=_RELATIVE[word.lower()])


def _last_date(head: str) -> dt.date | None:
    """Return the article's date, which its header ends with."""
    found = None
    for match in _ISO.finditer(head):
        with suppress(ValueError):
            found = dt.date(int(match[1]), int(match[2]), int(match[3]))
    for match in DATE.finditer(head):
        day, year = match[1] or match[3], match[4]
        if day and year:
            with suppress(ValueError):
                found = dt.date(int(year), MONTHS.index(match[2].lower()) + 1, int(day))
    return found
