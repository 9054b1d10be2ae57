"""Stretches of whole days: a day, a month, a quarter; and how they are written for a reader."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "MONTHS",
    "Period",
    "Precision",
    "Said",
    "calendar_unit",
    "day_of",
    "latest_day",
    "latest_month",
    "months_of",
    "shifted_months",
]

Precision = Literal["day", "week", "month", "quarter", "half", "year", "decade"]

MONTHS = tuple(  # not strftime's: that speaks the language of the machine
    "January February March April May June July August September October November December".split()
)
_ONE_DAY = dt.timedelta(days=1)
_MONTHS_OF: dict[str, tuple[int, Precision]] = {
    "month": (1, "month"),
    "quarter": (3, "quarter"),
    "year": (12, "year"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date
    precision: Precision

    def __str__(self) -> str:
        """Return it in English: "10 Oct 2023", "October 2023", "Q3 2023", "2023", "1990s"."""
        first, year = self.first, str(self.first.year)
        match self.precision:
            case "day" if first == self.last:
                return f"{first.day} {MONTHS[first.month - 1][:3]} {year}"
            case "month":
                return f"{MONTHS[first.month - 1]} {year}"
            case "quarter":
                return f"Q{first.month // 3 + 1} {year}"
            case "half":
                return f"H{first.month // 6 + 1} {year}"
            case "year":
                return year
            case "decade":
                return f"{year}s"
        return f"{self.start} and {self.end}"

    @property
    def has_name(self) -> bool:
        """Whether it is a day, or what a calendar has a name for."""
        return self.first == self.last or self.precision not in ("day", "week")

    @property
    def start(self) -> Period:
        """The first day alone."""
        return Period(self.first, self.first, "day")

    @property
    def end(self) -> Period:
        """The last day alone."""
        return Period(self.last, self.last, "day")


@dataclass(frozen=True, slots=True)
class Said:
    """A period, and the characters of a text that name it.

    Attributes:
        cues: Of what has to stand in front to make it a date at all, as "in" of "in 2023", one;
            empty if nothing has to.
        without_year: Month and day, if the year is not said; the period then is the latest such.
        open: Whether it goes on from the period's first day until today and further.
    """

    period: Period
    start: int
    end: int
    cues: frozenset[str] = frozenset()
    without_year: tuple[int, int] | None = None
    open: bool = False


def day_of(year: int, month: int, day: int) -> Period:
    """Return this day; raises ``ValueError`` if there is none, as 30 February."""
    there = dt.date(year, month, day)
    return Period(there, there, "day")


def months_of(year: int, month: int, count: int, precision: Precision) -> Period:
    """Return ``count`` months from this one on; raises ``ValueError`` if the month is not 1 to 12.

    A period that a calendar names starts at a multiple of its months, and lies in one year or, for
    a decade, ends with one.
    """
    last_year, last_month = divmod(year * 12 + month - 1 + count - 1, 12)
    days = calendar.monthrange(last_year, last_month + 1)[1]
    return Period(dt.date(year, month, 1), dt.date(last_year, last_month + 1, days), precision)


def shifted_months(day: dt.date, months: int) -> dt.date:
    """Return the day so many months later, or the last day of that month if it has fewer."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError(f"no calendar has the year {year}")
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def calendar_unit(day: dt.date, unit: str, before: int = 0) -> Period:
    """Return the day, week (from Monday), month, quarter or year of ``day``, or one ``before`` it.

    Raises:
        ValueError, OverflowError: It is before the first year.
    """
    if unit == "day":
        there = day - _ONE_DAY * before
        return Period(there, there, "day")
    if unit in ("week", "weekend"):
        monday = day - _ONE_DAY * (day.weekday() + 7 * before)
        first = monday + _ONE_DAY * 5 if unit == "weekend" else monday
        return Period(first, monday + _ONE_DAY * 6, "week")
    count, precision = _MONTHS_OF[unit]
    there = shifted_months(day.replace(day=1), -count * before)
    return months_of(there.year, (there.month - 1) // count * count + 1, count, precision)


def latest_day(month: int, day: int, now: dt.date) -> Period:
    """Return the latest such day that is not after ``now``.

    Raises:
        ValueError: No year has such a day.
    """
    for year in range(now.year, now.year - 9, -1):  # eight years between 1896 and 1904
        if day <= calendar.monthrange(year, month)[1] and dt.date(year, month, day) <= now:
            return day_of(year, month, day)
    raise ValueError(f"no year has {day} {MONTHS[month - 1]}")


def latest_month(month: int, now: dt.date) -> Period:
    """Return the latest such month that did not begin after ``now``."""
    return months_of(now.year - (month > now.month), month, 1, "month")
