"""Which articles are meant: from some sources, of some days, with some words in their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from index.errors import QuestionError

__all__ = ["Filter", "day"]

_TEXT_AT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Articles for which all of this is true; the empty one lets every article through.

    Attributes:
        sources: Names of sources, one of which an article has; upper and lower case are the same.
        since, until: The first and the last day, ISO 8601, on which an article was published, as
            its own date has it; one without a date is on no day.
        text: Words, each of which stands in the title, uri, source, author or text; the case of
            letters does not matter.
        under: The path or address of the document, or of a folder above it.
        collections: Names of collections, one of which it is in; see ``index.collected``.
    """

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    text: str | None = None
    under: str | None = None
    collections: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filter()

    @classmethod
    def of(
        cls,
        *,
        sources: Iterable[str] | None = None,
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        as_of: str | dt.date | None = None,
        text: str | None = None,
        under: str | None = None,
        collections: Iterable[str] | None = None,
    ) -> Filter:
        """Return the filter of these values; ``until`` is the earlier of it and ``as_of``.

        Raises:
            QuestionError: A day is not one, or the text is too long.
        """
        if text and (len(text) > _TEXT_AT_MOST or not text.isprintable()):
            raise QuestionError(
                f"no text to look for: {text[:60]!r}", f"give words, {_TEXT_AT_MOST} characters"
            )
        last = min(filter(None, (_iso(until), _iso(as_of))), default=None)
        names, groups = tuple(sources or ()), tuple(collections or ())
        return cls(names, _iso(since), last, text or None, under or None, groups)

    def where(self, known_sources: Iterable[str], table: str = "a") -> tuple[str, list[object]]:
        """Return an SQL condition on the table of articles, and its values, but for collections.

        Args:
            known_sources: The sources that articles have, spelled as they have them.
            table: What the table is called; one of passages will do without ``text`` and ``under``.
        """
        conditions, values = ["1"], list[object]()
        if self.sources:
            wanted = {source.casefold() for source in self.sources}
            named = [source for source in known_sources if source.casefold() in wanted]
            conditions.append(f"{table}.source IN ({','.join('?' * len(named))})")
            values += named
        for day, comparison in ((self.since, ">="), (self.until, "<=")):
            if day:
                conditions.append(f"{table}.day {comparison} ?")
                values.append(day)
        for word in (self.text or "").split():
            columns = ("title", "uri", "source", "author", "text")
            found = (f"instr(folded({table}.{name}), ?) > 0" for name in columns)
            conditions.append(f"({' OR '.join(found)})")
            values += [word.casefold()] * len(columns)
        if self.under:
            place = self.under.rstrip("/") + "/"
            below = f"substr({table}.location, 1, ?) = ?"
            conditions.append(f"({table}.location = ? OR {below})")
            values += [self.under, len(place), place]
        return " AND ".join(conditions), values


def day(value: str | dt.date | None) -> dt.date | None:
    """Return a day given as one or in ISO 8601, None for none; raises ``QuestionError``."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day)
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise QuestionError(f"{value!r} is not a day", "write it as 2024-08-19") from error


def _iso(value: str | dt.date | None) -> str | None:
    found = day(value)
    return found.isoformat() if found else None
