"""When articles were published: how many in each day, month or year, source by source."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from index.errors import QuestionError
from index.filter import Filter
from index.records import Records

__all__ = ["Share", "Timeline", "Unit", "timeline"]

_DAYS_AT_MOST = 92
_MONTHS_AT_MOST = 96
_SHARES_AT_MOST = 20_000


class Unit(StrEnum):
    """How long a period is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


_CHARACTERS = {Unit.DAY: 10, Unit.MONTH: 7, Unit.YEAR: 4}  # of a day in ISO 8601


@dataclass(frozen=True, slots=True)
class Share:
    """The articles of one source that were published in one period.

    Attributes:
        period: As ISO 8601 begins: ``2024-08-19``, ``2024-08`` or ``2024``; None without a date.
        source: None for articles without one.
        articles: How many there are.
    """

    period: str | None
    source: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Shares by period, those without a date last, and then by source."""

    unit: Unit
    shares: tuple[Share, ...]


def timeline(records: Records, wanted: Filter, unit: Unit | None = None) -> Timeline:
    """Count the articles that a filter lets through.

    Args:
        unit: How long a period is; None takes days for a quarter of a year, months for eight years
            and years for more.

    Raises:
        QuestionError: In periods of this length there are more than 20,000 shares.
    """
    condition, values = records.condition(wanted)
    rows = records.rows(
        f"SELECT a.day, a.source, count(*) FROM articles a WHERE {condition}"
        " GROUP BY a.day, a.source",
        *values,
    )
    asked, unit = unit, unit or _fitting([row[0] for row in rows if row[0]])
    counted: Counter[tuple[str | None, str | None]] = Counter()
    for day, source, articles in rows:
        counted[day and day[: _CHARACTERS[unit]], source] += articles
    if asked and len(counted) > _SHARES_AT_MOST:
        raise QuestionError(
            f"by {unit} and source there are {len(counted):,} counts, more than are told at once",
            "take a longer period, or fewer days or sources",
        )
    shares = (Share(period, source, n) for (period, source), n in counted.items())
    return Timeline(unit, tuple(sorted(shares, key=_place)))


def _place(share: Share) -> tuple[bool, str, bool, str]:
    return share.period is None, share.period or "", share.source is None, share.source or ""


def _fitting(days: list[str]) -> Unit:
    if not days:
        return Unit.DAY
    first, last = dt.date.fromisoformat(min(days)), dt.date.fromisoformat(max(days))
    if (last - first).days < _DAYS_AT_MOST:
        return Unit.DAY
    months = (last.year - first.year) * 12 + last.month - first.month
    return Unit.MONTH if months < _MONTHS_AT_MOST else Unit.YEAR
