"""What a sync decides for each article: new, changed, moved, the same, gone, or not to be had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.article import Article, digest
from index.errors import ReadError
from index.listing import Listing
from index.outcome import Found, Outcome
from index.prepared import Finished
from index.protocols import Source
from index.records import Known, Records, Remembered
from index.sources.document import Document, Skipped
from index.store import Store

__all__ = ["Mirror"]


class Mirror:
    """Makes a home equal to what sources list.

    Args:
        records: What is known.
        store: Where new and changed articles go; None to change nothing and only find out.
        welcome: Whether what was removed by hand is taken in all the same.
    """

    def __init__(
        self,
        records: Records,
        listings: Sequence[Listing],
        store: Store | None,
        *,
        welcome: bool = False,
    ) -> None:
        self.found = Found()
        self._store = store
        self._listings = listings
        self._known = records.known()
        self._remembered = records.documents()
        self._troubles = records.troubles()
        self._excluded = {} if welcome else records.excluded()
        self._unwanted = set[str]() if welcome else records.excluded_fingerprints()
        self._at: dict[str, set[str]] = {}
        for one in self._known.values():
            self._at.setdefault(one.location, set()).add(one.id)
        self._seen: dict[str, str] = {}  # article id: the document that has it now
        self._lost: set[str] = set()  # not in the document any more that had them
        self._documents: dict[str, Remembered] = {}  # as they will be remembered
        self._late: list[tuple[str, Outcome]] = []  # to be remembered when the lost are removed
        self._contested: dict[str, tuple[Source, Document]] = {}
        self._gone = {at for there in listings for at in there.plan.gone}
        # How many documents that are still there give an id to articles that bring none: two, if a
        # sync ended between the steps of a renaming.
        self._live = Counter(one.id for at, one in self._remembered.items() if at not in self._gone)
        self._ids = {one.id for one in self._remembered.values()} | self._known.keys()
        self._renamed: dict[str, str] = {}  # new location: old location
        self._traces, self._left = self._leavers()

    def _leavers(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return what may come back under another name.

        Locations by the trace of their file; and ids of articles by fingerprint, where the file has
        not come back itself, and the id is not a corpus's own.
        """
        arriving = {
            one.trace
            for there in self._listings
            for at, one in there.documents.items()
            if at not in self._remembered
        }
        traces: dict[str, str] = {}
        left: dict[str, str] = {}
        for at in sorted(self._gone):
            document = self._remembered[at]
            if document.trace and document.id not in self._live:
                traces[document.trace] = at
            if document.trace and document.trace in arriving:
                continue
            for id in self._at.get(at, set()) & {document.id}:
                left[self._known[id].fingerprint] = id
        return traces, left

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
        lost = self._lost - self._seen.keys()
        free = {id: where for id, where in self._contested.items() if id in lost}
        self._contested.clear()
        again = {document.location: (source, document) for source, document in free.values()}
        self.found.skipped = [one for one in self.found.skipped if one.location not in again]
        return list(again.values())

    def read(self, source: Source, document: Document) -> Iterator[Article]:
        """Read a document, and yield each article of it that has been dealt with."""
        at = document.location
        before = self._remembered.get(at)
        self._documents[at] = Remembered(source.origin, "", document.trace, self._id(document))
        found = Outcome(document.stamp)
        try:
            reading = source.read(document, self._documents[at].id, before.stamp if before else "")
            found.stamp = reading.stamp
            if reading.articles is None:
                self._unchanged(source, document, reading.stamp)
                return
            for one in reading.articles:
                if isinstance(one, ReadError):
                    found.unreadable(document.uri, one)
                elif problem := self._take(one, source, document):
                    found.contested.append((one.uri, problem))
                else:
                    yield one
        except ReadError as error:
            found.unreadable(document.uri, error)
        self._conclude(document, found)

    def _conclude(self, document: Document, found: Outcome) -> None:
        """Note what a document does not have any more, and what of it could not be read."""
        at = document.location
        self.found.skipped += [Skipped(uri, reason, at) for uri, reason in found.told]
        if found.troubles:
            for where in (at, self._renamed.get(at)):
                if where is not None:  # what was there under another name is kept as well
                    self._keep(where)
                    self._gone.discard(where)
            self._finish(at, found)
            return
        missing = self._at.get(at, set()) - self._seen.keys()
        self._lost |= missing
        if not found.stamp and not found.contested:
            self._gone.add(at)
            if at not in self._at:
                self.found.skipped.append(Skipped(document.uri, "there is no such page"))
        if missing:  # until they are removed, it is to be read again
            self._late.append((at, found))
            self._finish(at, Outcome("", contested=found.contested))
        else:
            self._finish(at, found)

    def _id(self, document: Document) -> str:
        """Return the id for articles of a document that bring none: the same after a renaming."""
        at = document.location
        if at in self._documents:  # it is read once more
            return self._documents[at].id
        before = self._remembered.get(at)
        if before and (self._live[before.id] < 2 or before.trace == document.trace):
            return before.id
        if before is None and (old := self._traces.pop(document.trace, None)) is not None:
            self._renamed[at] = old
            return self._remembered[old].id
        id, number = digest(at), 1
        while id in self._ids:  # of a document that was here, and was renamed
            number += 1
            id = digest(at, str(number))
        self._ids.add(id)
        return id

    def _take(self, article: Article, source: Source, document: Document) -> str | None:
        """Deal with an article; return why it cannot be taken, if it cannot."""
        at = document.location
        if self._seen.get(article.id) == at or article.fingerprint in self._unwanted:
            return None
        if article.id in self._excluded:  # changed since: somebody may want to know
            told = "it was removed by hand; kb articles readmit lets it in again"
            self.found.skipped.append(Skipped(article.uri, told))
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
            self._finish(at, Outcome(stamp, troubles=told))

    def _finish(self, at: str, found: Outcome) -> None:
        if self._store:
            # What is contested may be free the next time, and what could not be read, readable.
            stamp = "" if found.later or found.contested else found.stamp
            document = replace(self._documents[at], stamp=stamp)
            self._store.finish(Finished(at, document, found.told))

    def remove(self) -> None:
        """Take out what is gone."""
        gone = {id for at in self._gone for id in self._at.get(at, ())} | self._lost
        ids = sorted(gone - self._seen.keys())
        self.found.removed = [self._known[id] for id in ids]
        if self._store:
            self._store.remove(ids)
            self._store.forget(sorted(self._gone))
            for at, outcome in self._late:
                if at not in self._gone:
                    self._finish(at, outcome)
            self._store.flush()
