"""What is there under a path: looked at, and read where it changed, before anything is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.article import Article
from index.catalog import Catalog, Known
from index.errors import ReadError
from index.sources import Skipped, SourceFile, files, read

__all__ = ["Scan", "scan", "within"]


@dataclass(slots=True)
class Scan:
    """The articles under one origin, and the files that had to be read to know them.

    Attributes:
        origin: The absolute path that is synced.
        found: What there is, by id; of an article that could not be read, what was known before.
        files: The files that were read, by location.
        stamps: The stamps of the files that need not be read next time, by location.
        skipped: What could not be read.
        troubled: Locations, of files or folders, that could not be read whole.
    """

    origin: str
    found: dict[str, Known] = field(default_factory=dict)
    files: dict[str, SourceFile] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    troubled: set[str] = field(default_factory=set)

    def articles(self, location: str) -> Iterator[Article]:
        """Yield the articles of a file once more; what cannot be read was told the first time."""
        told = len(self.skipped) if location in self.troubled else None
        yield from self._readable(self.files[location])
        if told is not None:
            del self.skipped[told:]

    def read(self, file: SourceFile, known: Mapping[str, Known]) -> None:
        """Read a file that is new or was changed."""
        self.files[file.location] = file
        self.stamps[file.location] = file.stamp
        for article in self._readable(file):
            if taken := self._taken(article.id, file.location, known):
                reason = f"its id {article.id!r} belongs to {taken!r}"
                self.skip(Skipped(article.uri, reason, file.location))
            else:
                self.found[article.id] = Known(
                    article.id, article.uri, file.location, self.origin, article.fingerprint
                )

    def skip(self, skipped: Skipped) -> None:
        """Write down what cannot be read; what was known of it before is kept."""
        self.skipped.append(skipped)
        if skipped.location:
            self.troubled.add(skipped.location)
            self.stamps.pop(skipped.location, None)  # so that it is read and told again

    def _readable(self, file: SourceFile) -> Iterator[Article]:
        try:
            for article in read(file):
                if isinstance(article, ReadError):
                    self.skip(Skipped(file.uri, str(article), file.location))
                else:
                    yield article
        except ReadError as error:
            self.skip(Skipped(file.uri, str(error), file.location))

    def _taken(self, id: str, location: str, known: Mapping[str, Known]) -> str | None:
        """Return the uri of the other document that has this id, if there is one."""
        here, before = self.found.get(id), known.get(id)
        if here and here.location != location:
            return here.uri
        if before and before.location != location and before.origin != self.origin:
            return before.uri
        return None

    def holds(self, before: Mapping[str, list[Known]], location: str) -> bool:
        """Say whether an article of a file was found in another file just now."""
        return any(one.id in self.found for one in before.get(location, ()))

    def keep(self, known: Iterable[Known]) -> None:
        """Take over what is known of an article that was not read now."""
        for one in known:
            self.found.setdefault(one.id, one)


def scan(catalog: Catalog, root: Path, known: Mapping[str, Known]) -> Scan:
    """Look at every file under a resolved path, and read those whose stamp is new."""
    found = Scan(str(root))
    stamps = catalog.stamps(found.origin)
    before: dict[str, list[Known]] = {}
    for one in known.values():
        before.setdefault(one.location, []).append(one)
    for file in files(root):
        if isinstance(file, Skipped):
            found.skip(file)
        elif stamps.get(file.location) == file.stamp and not found.holds(before, file.location):
            found.stamps[file.location] = file.stamp
            found.keep(before.get(file.location, ()))
        else:
            found.read(file, known)
    for place in found.troubled:
        inside = [place] if place in before else [at for at in before if within(at, place)]
        found.keep(one for at in inside for one in before[at])
    return found


def within(location: str, place: str) -> bool:
    """Say whether a location is a place, or lies in it."""
    return location == place or location.startswith(place.rstrip(os.sep) + os.sep)
