"""Days and weeks that are said from today: "yesterday", "last week", "two months ago"; English."""

from __future__ import annotations

import datetime as dt
import re

from index.date_patterns import MONTH_NAMES, followed_by, month_number, rules
from index.names import capitals_tell, starts_sentence
from index.periods import Period, Said, calendar_unit, latest_month, shifted_months

__all__ = ["RELATIVE"]

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})\b"
_WEEKDAY_CUES = frozenset("on since after before until between".split())
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
} | {"a": 1, "an": 1, "few": 3}
_COUNT = r"(?P<count>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_THE_PAST = r"(?:(?:in|over|during|within|for)\s+)?(?:the\s+|this\s+|these\s+)?"
_NOT_OF = r"(?!\s+of\b)"  # "the last week of the war"
_NEWS = r"(?:news|headlines?|articles?|stor(?:y|ies)|reports?|coverage|papers?)"


def _yesterday(match: re.Match[str], now: dt.date) -> Said | None:
    """Read "yesterday", but not the song."""
    word, text = match.group(), match.string
    if word[0].isupper() and capitals_tell(text) and not starts_sentence(text, match.start()):
        return None
    return Said(calendar_unit(now, "day", 2 if match[1] else 1), *match.span())


def _today(match: re.Match[str], now: dt.date) -> Said:
    return Said(calendar_unit(now, "day"), *match.span("today"))


def _ago(match: re.Match[str], now: dt.date) -> Said:
    """Read "three weeks ago" as that week, "a year ago" as that year."""
    return Said(calendar_unit(now, match["unit"].casefold(), _number(match)), *match.span())


def _past_units(match: re.Match[str], now: dt.date) -> Said:
    """Read "past three days" as since the day that was three days ago."""
    return Said(
        _until_today(match["unit"].casefold(), _number(match), now), *match.span(), open=True
    )


def _last_unit(match: re.Match[str], now: dt.date) -> Said:
    """Read "last week" as the week before this, "past week" and "over the last week" as 7 days."""
    which, unit = match["which"].casefold(), match["unit"].casefold()
    rolling = which == "past" or (which == "last" and match["over"])
    if rolling and unit != "weekend":
        return Said(_until_today(unit, 1, now), *match.span(), open=True)
    return Said(calendar_unit(now, unit, int(which in ("last", "past"))), *match.span())


def _until_today(unit: str, count: int, now: dt.date) -> Period:
    days = {"hour": -(-count // 24), "day": count, "week": 7 * count}.get(unit)
    if days is None:
        months = {"month": 1, "quarter": 3, "year": 12}[unit] * count
        return Period(shifted_months(now, -months), now, "day")
    return Period(now - dt.timedelta(days), now, "day")


def _last_weekday(match: re.Match[str], now: dt.date) -> Said:
    today = dt.timedelta(match["which"].casefold() != "this")
    return Said(_latest_weekday(match["weekday"], now - today), *match.span())


def _last_month(match: re.Match[str], now: dt.date) -> Said | None:
    """Read "last October" as the latest that is over; "this may" is none."""
    if match["month"].casefold() in ("may", "march") and not match["month"][0].isupper():
        return None
    this = match["which"].casefold() == "this"
    until = now if this else now.replace(day=1) - dt.timedelta(1)
    return Said(latest_month(month_number(match["month"]), until), *match.span())


def _weekday(match: re.Match[str], now: dt.date) -> Said | None:
    """Read "on Monday"; "on Monday Night Football" is none."""
    if followed_by(match) == "name":
        return None
    return Said(_latest_weekday(match["weekday"], now), *match.span(), _WEEKDAY_CUES)


def _latest_weekday(name: str, now: dt.date) -> Period:
    return calendar_unit(now, "day", (now.weekday() - _WEEKDAYS.index(name.casefold())) % 7)


def _number(match: re.Match[str]) -> int:
    word = match["count"].casefold()
    return int(word) if word.isdecimal() else _NUMBERS[word]


RELATIVE = rules(
    (r"\b(?:the\s+)?(day\s+before\s+)?yesterday\b", _yesterday),
    (rf"\b(?P<today>today)(?=['’]s\s+{_NEWS}\b)", _today),
    (rf"\b(?:{_NEWS}|from|published|reported|posted)\s+(?P<today>today)\b(?!['’])", _today),
    (rf"(?<![\w.,]){_COUNT}|an?)\s+(?P<unit>day|week|month|year)s?\s+ago\b", _ago),
    (
        rf"\b{_THE_PAST}(?:last|past)\s+{_COUNT}|few)\s+(?P<unit>hour|day|week|month|year)s?\b{_NOT_OF}",
        _past_units,
    ),
    (
        r"\b(?P<over>(?:in|over|during|within|for)\s+the\s+)?(?:(?:the|this)\s+)?"
        r"(?P<which>last|past|this|current)\s+(?P<unit>week|weekend|month|quarter|year)\b"
        rf"{_NOT_OF}",
        _last_unit,
    ),
    (rf"\b(?P<which>last|past|this)\s+{_WEEKDAY}{_NOT_OF}", _last_weekday),
    (rf"\b(?P<which>last|this)\s+{MONTH_NAMES}{_NOT_OF}", _last_month),
    (rf"\b{_WEEKDAY}", _weekday),
)
"""What is said from today."""
