"""What comes of a sync: of its articles, and of each document that is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from index.errors import ReadError, Unreachable
from index.records import Known
from index.sources.document import Skipped

__all__ = ["Found", "Outcome"]


@dataclass(slots=True)
class Found:
    """What became of the articles so far."""

    added: list[Known] = field(default_factory=list)
    updated: list[Known] = field(default_factory=list)
    moved: list[tuple[Known, Known]] = field(default_factory=list)
    removed: list[Known] = field(default_factory=list)
    kept: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def leave_out(self, ids: Collection[str]) -> None:
        """Take back what was said of articles that a stopped sync did not store."""
        self.added = [one for one in self.added if one.id not in ids]
        self.updated = [one for one in self.updated if one.id not in ids]


@dataclass(slots=True)
class Outcome:
    """What came of reading a document.

    Attributes:
        troubles: Uri and reason of what could not be read.
        contested: Uri and reason of articles whose id another document has.
        later: Whether something may be readable later, although nothing changes.
    """

    stamp: str
    troubles: list[tuple[str, str]] = field(default_factory=list)
    contested: list[tuple[str, str]] = field(default_factory=list)
    later: bool = False

    @property
    def told(self) -> list[tuple[str, str]]:
        return [*self.troubles, *self.contested]

    def unreadable(self, uri: str, error: ReadError) -> None:
        self.troubles.append((uri, str(error)))
        self.later |= isinstance(error, Unreachable)
