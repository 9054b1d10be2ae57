"""Which articles a question is asked of, and how it is read: as keywords, and as a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from index.filter import Filter, day

__all__ = ["Scope", "Within"]


class Within(TypedDict, total=False):
    """The keywords that ``KnowledgeBase.search``, ``ask``, ``stream`` and ``cite`` share.

    Attributes:
        sources: Only articles of one of these sources; upper and lower case are the same.
        collections: Only articles in one of these, see ``KnowledgeBase.collections``.
        since, until: Only articles published on these days or between, ISO 8601; those without a
            date are left out.
        now: The day that "yesterday" in the question is before; ``as_of`` or today without it.
        as_of: What was known on this day: only articles published until then, as ``until``.
        without: Labels of chips that shall not be understood, see ``KnowledgeBase.chips``.
    """

    sources: Iterable[str] | None
    collections: Iterable[str] | None
    since: str | date | None
    until: str | date | None
    now: str | date | None
    as_of: str | date | None
    without: Iterable[str] | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question was asked within; the empty one is of all articles, today.

    Attributes:
        sources, collections, without: As in ``Within``.
        since, until: Days, ISO 8601; ``until`` is the earlier of it and ``as_of``.
        now: The day that it was taken for, ISO 8601; None for the day on which it was asked.
    """

    sources: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    now: str | None = None
    without: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        *,
        sources: Iterable[str] | None = None,
        collections: Iterable[str] | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        now: str | date | None = None,
        as_of: str | date | None = None,
        without: Iterable[str] | None = None,
    ) -> Scope:
        """Return the scope of the keywords ``Within``; raises ``QuestionError`` at what is no day.

        A keyword that there is not is a ``TypeError``.
        """
        chosen = Filter.of(
            sources=sources, collections=collections, since=since, until=until, as_of=as_of
        )
        today = day(now or as_of)
        return cls(
            chosen.sources,
            chosen.collections,
            chosen.since,
            chosen.until,
            today.isoformat() if today else None,
            tuple(without or ()),
        )

    @property
    def within(self) -> Within:
        """The keywords that it is the scope of."""
        return {
            "sources": self.sources,
            "collections": self.collections,
            "since": self.since,
            "until": self.until,
            "now": self.now,
            "without": self.without,
        }

    @property
    def filter(self) -> Filter:
        """The articles that it lets through."""
        return Filter(self.sources, self.since, self.until, collections=self.collections)

    @property
    def today(self) -> date | None:
        """The day that it was taken for; None for today."""
        return day(self.now)

    @property
    def labels(self) -> tuple[str, ...]:
        """What it leaves out, as a reader is told: "only Sample Post"; empty where nothing."""
        days = [f"{word} {day}" for word, day in (("from", self.since), ("to", self.until)) if day]
        return tuple(f"only {one}" for one in (*self.collections, *self.sources, *days))
