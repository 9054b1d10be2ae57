"""Articles by day and source, as bars in SVG, and the same in a table for who does not see them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from kb import Unit
from ui.passages import clip, escape
from ui.wanted import Wanted

if TYPE_CHECKING:
    from kb import Timeline

__all__ = ["plot"]

_WIDTH, _HEIGHT = 960, 110
_SOURCES = 5  # with a colour of their own
_OTHERS, _NONE = "other sources", "no source"
_NAME = 60


def plot(timeline: Timeline, wanted: Wanted) -> str:
    """Return a figure; empty if there are not two periods to compare.

    Args:
        wanted: What the page shows; the table leads to parts of it.
    """
    dated = [one for one in timeline.shares if one.period is not None]
    if len({one.period for one in dated}) < 2:
        return ""
    by_source: Counter[str] = Counter()
    for one in dated:
        by_source[_called(one.source)] += one.articles
    named = [name for name, _ in by_source.most_common(_SOURCES)]
    if len(by_source) > _SOURCES:
        named.append(_OTHERS)
    bars: dict[str, Counter[str]] = {}
    for one in dated:
        name = _called(one.source)
        bar = bars.setdefault(str(one.period), Counter())
        bar[name if name in named else _OTHERS] += one.articles
    undated = sum(one.articles for one in timeline.shares if one.period is None)
    legend = "".join(
        f'<li><svg class="fn-key" aria-hidden="true" viewBox="0 0 10 10"><rect class="fn-s{n}"'
        f' width="10" height="10"></rect></svg><bdi>{escape(clip(name, _NAME))}</bdi></li>'
        for n, name in enumerate(named)
    )
    told = _told(bars, timeline.unit, undated)
    return (
        f'<figure class="fn-figure">{_drawn(bars, named, timeline.unit, told)}'
        f'<figcaption>{told}<ul class="fn-legend" aria-label="Sources">{legend}</ul></figcaption>'
        f"<details><summary>As a table</summary>{_table(bars, timeline.unit, wanted)}</details>"
        "</figure>"
    )


def _called(source: str | None) -> str:
    return source or _NONE


def _drawn(bars: dict[str, Counter[str]], named: list[str], unit: Unit, told: str) -> str:
    first, last = _place(min(bars), unit), _place(max(bars), unit)
    step = _WIDTH / (last - first + 1)
    width = max(1.0, min(step * 0.8, 40.0))
    highest = max(bar.total() for bar in bars.values())
    scale = _HEIGHT / highest
    pieces = []
    for period, bar in bars.items():
        left = (_place(period, unit) - first + 0.5) * step - width / 2
        bottom = float(_HEIGHT)
        for number, name in enumerate(named):
            height = bar[name] * scale
            bottom -= height
            if height:
                pieces.append(
                    f'<rect class="fn-s{number}" x="{left:.1f}" y="{bottom:.2f}"'
                    f' width="{width:.1f}" height="{height:.2f}"></rect>'
                )
    return (
        f'<svg class="fn-bars" role="img" aria-label="{told}" preserveAspectRatio="none"'
        f' viewBox="0 0 {_WIDTH} {_HEIGHT}">{"".join(pieces)}</svg>'
        f'<p class="fn-ends" aria-hidden="true"><span>{_when(min(bars), unit)}</span>'
        f"<span>{_when(max(bars), unit)}</span></p>"
    )


def _told(bars: dict[str, Counter[str]], unit: Unit, undated: int) -> str:
    """What the bars say, in a line of plain text."""
    most = max(bars, key=lambda period: bars[period].total())
    total, highest = sum(bar.total() for bar in bars.values()), bars[most].total()
    told = f"{total:,} articles by {unit.value} and source"
    told += f"; most in {_when(most, unit)}: {highest:,}"
    return told + (f"; {undated:,} without a date" if undated else "") + "."


def _table(bars: dict[str, Counter[str]], unit: Unit, wanted: Wanted) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(_part(wanted, period, unit).address)}">'
        f"{_when(period, unit)}</a></th><td>{bar.total():,}</td><td>{_shares(bar)}</td></tr>"
        for period, bar in bars.items()
    )
    return (
        '<div class="fn-scroll"><table><thead><tr>'
        f'<th scope="col">{unit.value.capitalize()}</th>'
        f'<th scope="col">Articles</th><th scope="col">Of which source</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _shares(bar: Counter[str]) -> str:
    return ", ".join(
        f"<bdi>{escape(clip(name, _NAME))}</bdi> {count:,}" for name, count in bar.most_common()
    )


def _part(wanted: Wanted, period: str, unit: Unit) -> Wanted:
    """Return those of a period only."""
    begin = period + "-01-01"[len(period) - 4 :]  # what the period leaves out of a day
    if unit is Unit.DAY:
        end = period
    elif unit is Unit.MONTH:
        year, month = map(int, period.split("-"))
        end = f"{period}-{calendar.monthrange(year, month)[1]}"
    else:
        end = f"{period}-12-31"
    shown = wanted.filter()
    since, until = max(begin, shown.since or begin), min(end, shown.until or end)
    return replace(wanted, since=since, until=until, page=1)


def _place(period: str, unit: Unit) -> int:
    """Return which period it is, counted from some first one."""
    if unit is Unit.DAY:
        return dt.date.fromisoformat(period).toordinal()
    if unit is Unit.MONTH:
        year, month = map(int, period.split("-"))
        return year * 12 + month
    return int(period)


def _when(period: str, unit: Unit) -> str:
    if unit is Unit.YEAR:
        return str(int(period))
    begun = dt.date.fromisoformat(period if unit is Unit.DAY else f"{period}-01")
    return (
        f"{begun:%B} {begun.year}" if unit is Unit.MONTH else f"{begun.day} {begun:%B} {begun.year}"
    )
