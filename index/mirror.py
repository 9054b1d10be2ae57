"""What a sync decides for each article: new, changed, moved, the same, gone, or not to be had."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.article import Article, digest
from index.catalog import Finished
from index.errors import ReadError, Unreachable
from index.listing import Listing
from index.protocols import Source
from index.records import Known, Records, Remembered
from index.sources.document import Document, Skipped
from index.store import Store

__all__ = ["Found", "Mirror"]


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


class Mirror:
    """Makes a home equal to what sources list.

    Args:
        records: What is known.
        store: Where new and changed articles go; None to change nothing and only find out.
    """

    def __init__(self, records: Records, listings: Sequence[Listing], store: Store | None) -> None:
        self.found = Found()
        self._store = store
        self._listings = listings
        self._known = records.known()
        self._remembered = records.documents()
        self._troubles = records.troubles()
        self._excluded = records.excluded()
        self._at: dict[str, set[str]] = {}
        for one in self._known.values():
            self._at.setdefault(one.location, set()).add(one.id)
        self._seen: dict[str, str] = {}  # article id: the document that has it now
        self._lost: set[str] = set()  # not in the document any more that had them
        self._documents: dict[str, Remembered] = {}  # as they will be remembered
        self._late: dict[str, str] = {}  # stamps to be remembered when the lost are removed
        self._contested: dict[str, tuple[Source, Document]] = {}
        gone = [at for there in listings for at in there.plan.gone]
        self._gone = set(gone)
        left = [self._remembered[at] for at in gone]
        self._traces = {document.trace: document.id for document in left if document.trace}
        self._left = {self._known[id].fingerprint: id for at in gone for id in self._at.get(at, ())}
        self._ids = {one.id for one in self._remembered.values()}

    def keep(self) -> None:
        """Take over what need not be read."""
        for there in self._listings:
            self.found.skipped += there.skipped
            for at in there.sheltered:
                self._keep(at)
            for at in there.plan.keep:
                self._unchanged(there.source, there.documents[at], self._remembered[at].stamp)

    def to_read(self) -> list[tuple[Source, Document]]:
        """Return the documents that are new or were changed."""
        return [
            (there.source, there.documents[at])
            for there in self._listings
            for at in there.plan.read
        ]

    def contested(self) -> list[tuple[Source, Document]]:
        """Return documents to be read once more: articles in them have lost their other place."""
        free = {id: where for id, where in self._contested.items() if id in self._lost}
        self._contested.clear()
        again = {document.location: (source, document) for source, document in free.values()}
        self.found.skipped = [one for one in self.found.skipped if one.location not in again]
        return list(again.values())

    def read(self, source: Source, document: Document) -> Iterator[Article]:
        """Read a document, and yield each article of it that has been dealt with."""
        at = document.location
        before = self._remembered.get(at)
        self._documents[at] = Remembered(source.origin, "", document.trace, self._id(document))
        stamp, troubles, later = "", list[Skipped](), False
        try:
            reading = source.read(document, self._documents[at].id, before.stamp if before else "")
            stamp = reading.stamp
            if reading.articles is None:
                self._unchanged(source, document, stamp)
                return
            for one in reading.articles:
                if isinstance(one, ReadError):
                    troubles.append(Skipped(document.uri, str(one), at))
                    later |= isinstance(one, Unreachable)
                elif problem := self._take(one, source, document):
                    troubles.append(Skipped(one.uri, problem, at))
                else:
                    yield one
        except ReadError as error:
            stamp = stamp or document.stamp
            troubles.append(Skipped(document.uri, str(error), at))
            later |= isinstance(error, Unreachable)
        self.found.skipped += troubles
        if troubles:
            self._keep(at)
        else:
            missing = self._at.get(at, set()) - self._seen.keys()
            self._lost |= missing
            if missing:  # after a kill before they are removed, it is to be read again
                self._late[at] = stamp
            if not stamp:
                self._gone.add(at)
                if at not in self._at:
                    self.found.skipped.append(Skipped(document.uri, "there is no such page"))
        told = [(one.uri, one.reason) for one in troubles]
        self._finish(at, "" if later or at in self._late else stamp, told)

    def _id(self, document: Document) -> str:
        """Return the id for articles of a document that bring none: the same after a renaming."""
        if before := self._remembered.get(document.location):
            return before.id
        if renamed := self._traces.pop(document.trace, None):
            return renamed
        id, number = digest(document.location), 1
        while id in self._ids:  # of a document that was here, and was renamed
            number += 1
            id = digest(document.location, str(number))
        self._ids.add(id)
        return id

    def _take(self, article: Article, source: Source, document: Document) -> str | None:
        """Deal with an article; return why it cannot be taken, if it cannot."""
        at = document.location
        if article.id in self._excluded or self._seen.get(article.id) == at:
            return None
        before = self._known.get(article.id)
        if before is None and article.id == self._documents[at].id:
            before = self._moved(article)
            if before:  # copied under another name, and then removed here
                article = replace(article, id=before.id)
                self._documents[at] = replace(self._documents[at], id=before.id)
        if taken := self._taken(article.id, at, before):
            self._contested[article.id] = (source, document)
            return f"its id {article.id!r} belongs to {taken!r}"
        self._seen[article.id] = at
        now = Known(article.id, article.uri, at, article.fingerprint)
        self._note(before, now)
        if self._store and (before is None or before.fingerprint != now.fingerprint):
            self._store.add(article, at, self._documents[at])
        elif self._store and before and (before.uri, before.location) != (now.uri, at):
            self._store.move(now, self._documents[at])
        self._known[article.id] = now
        return None

    def _moved(self, article: Article) -> Known | None:
        id = self._left.get(article.fingerprint)
        return self._known[id] if id is not None and id not in self._seen else None

    def _taken(self, id: str, at: str, before: Known | None) -> str | None:
        """Return the uri of the other document that has this article, if one has."""
        if before is None or before.location == at:
            return None
        free = before.location in self._gone or id in self._lost
        return None if free and id not in self._seen else before.uri

    def _note(self, before: Known | None, now: Known) -> None:
        if before is None:
            self.found.added.append(now)
        elif before.fingerprint != now.fingerprint:
            self.found.updated.append(now)
        elif (before.uri, before.location) != (now.uri, now.location):
            self.found.moved.append((before, now))
        else:
            self.found.kept += 1

    def _keep(self, at: str) -> None:
        """Leave the articles of a document that were not found in it just now as they are."""
        for id in self._at.get(at, set()) - self._seen.keys():
            self._seen[id] = at
            self.found.kept += 1

    def _unchanged(self, source: Source, document: Document, stamp: str) -> None:
        """Take over a document as it was last read, and tell again what could not be read of it."""
        at = document.location
        before = self._remembered[at]
        told = self._troubles.get(at, [])
        self._keep(at)
        self.found.skipped += [Skipped(uri, reason, at) for uri, reason in told]
        now = Remembered(source.origin, stamp, document.trace, before.id)
        if now != before:
            self._documents[at] = now
            self._finish(at, stamp, told)

    def _finish(self, at: str, stamp: str, troubles: Sequence[tuple[str, str]]) -> None:
        if self._store:
            document = replace(self._documents[at], stamp=stamp)
            self._store.finish(Finished(at, document, troubles))

    def remove(self) -> None:
        """Take out what is gone."""
        gone = {id for at in self._gone for id in self._at.get(at, ())} | self._lost
        ids = sorted(gone - self._seen.keys())
        self.found.removed = [self._known[id] for id in ids]
        if self._store:
            self._store.remove(ids)
            self._store.forget(sorted(self._gone))
            for at, stamp in self._late.items():
                if at not in self._gone:
                    self._finish(at, stamp, ())
            self._store.flush()
