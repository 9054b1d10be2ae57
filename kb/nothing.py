"""Why a filter lets nothing through: a sentence that says what would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from index.filter import Filter
from index.records import Records

__all__ = ["why_nothing"]

_LISTED = 8  # collections
_ALIKE = 0.5  # difflib's ratio; a name of which half is missing is still offered
_DATED = Filter(since="0001-01-01")  # the first day there is


def why_nothing(catalog: Records, wanted: Filter) -> str | None:
    """Return why a filter lets no article through, without the full stop; None if one passes."""
    if not catalog.count("articles"):
        return "there are no articles yet; kb sync PATH brings them in"
    if catalog.numbers(wanted):
        return None
    if wanted.sources and not catalog.numbers(Filter(sources=wanted.sources)):
        return _no_source(wanted.sources, sorted(catalog.sources()))
    if wanted.collections and not catalog.numbers(Filter(collections=wanted.collections)):
        known = ", ".join(one.name for one in catalog.collected().collections[:_LISTED])
        return f"no article is in {' or '.join(map(repr, wanted.collections))}; there are {known}"
    days = Filter(since=wanted.since, until=wanted.until)
    if not catalog.numbers(days):
        return _no_day(days, catalog)
    return "no article matches all filters together; leave one out"


def _no_source(asked: Sequence[str], known: Sequence[str]) -> str:
    """Say which source is spelled nearest to those that were asked for."""
    said = f"no article is from {' or '.join(map(repr, asked))}"
    if not known:
        return f"{said}; no article has a source"
    folded = {source.casefold(): source for source in known}
    near = [
        folded[match]
        for name in asked
        for match in _within(name.casefold(), folded)
        or get_close_matches(name.casefold(), folded, 1, _ALIKE)
    ]
    return f"{said}; the nearest source is {near[0]!r}" if near else f"{said}; no source is like it"


def _within(name: str, known: dict[str, str]) -> list[str]:
    """Return the shortest of the sources that begin with this name."""
    return sorted((source for source in known if source.startswith(name)), key=len)[:1]


def _no_day(days: Filter, catalog: Records) -> str:
    """Say of which day the newest or the oldest article is."""
    if days.since and days.until and days.since > days.until:
        return f"no day is on or after {days.since} and also on or before {days.until}"
    dated = catalog.articles(_DATED)  # newest first
    if not dated:
        return "no article has a date"
    newest, oldest = (str(one.published_at)[:10] for one in (dated[0], dated[-1]))
    if days.since and not catalog.numbers(replace(days, until=None)):
        return f"no article was published on or after {days.since}; the newest is of {newest}"
    if days.until and not catalog.numbers(replace(days, since=None)):
        return f"no article was published on or before {days.until}; the oldest is of {oldest}"
    return (
        f"no article was published from {days.since} to {days.until}; "
        f"they are of days from {oldest} to {newest}"
    )
