"""What is remembered of documents in the catalog, so that a look tells which to read again."""

from __future__ import annotations

import os
from collections.abc import Sequence

from index.handed_in import HANDED_IN_AT
from index.prepared import Finished
from index.records import Known, Records, Remembered

__all__ = ["DocumentRecords"]

_WHERE_DOCUMENTS_ARE = (
    ("documents", "location"),
    ("documents", "origin"),
    ("articles", "location"),
    ("troubles", "location"),
)


class DocumentRecords(Records):
    """The part of the catalog that remembers documents; the rest of it stores what is in them."""

    def set(self, key: str, value: str) -> None:
        """Write a value under a key of the catalog's own; needs a transaction."""
        self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    def move(self, moved: Known, document: Remembered) -> None:
        """Write down where an article now is; what it says is the same.

        Args:
            document: What is to be remembered of its document while that is not finished.
        """
        with self._db.transaction():
            self._disturb([moved.id])
            self._remember("IGNORE", moved.location, document)
            self._db.run("UPDATE documents SET stamp = '' WHERE location = ?", moved.location)
            self._db.run(
                "UPDATE articles SET uri = ?, location = ? WHERE id = ?",
                *(moved.uri, moved.location, moved.id),
            )

    def take_along(self, folder: str) -> None:
        """Let the documents handed in be in this folder, if the home was elsewhere before."""
        before = self.get(HANDED_IN_AT)
        if before == folder:
            return
        with self._db.transaction():
            if before is not None:
                below, end = before + os.sep, before + chr(ord(os.sep) + 1)
                for table, column in _WHERE_DOCUMENTS_ARE:
                    self._db.run(
                        f"UPDATE {table} SET {column} = ?1 || substr({column}, ?2)"
                        f" WHERE {column} >= ?3 AND {column} < ?4",
                        *(folder, len(before) + 1, below, end),
                    )
            self.set(HANDED_IN_AT, folder)

    def forget(self, locations: Sequence[str]) -> None:
        """Forget documents that are gone."""
        with self._db.transaction():
            for table in ("documents", "troubles"):
                self._db.run_each(
                    f"DELETE FROM {table} WHERE location = ?", [(one,) for one in locations]
                )

    def _finish(self, documents: Sequence[Finished]) -> None:
        for one in documents:
            self._db.run("DELETE FROM troubles WHERE location = ?", one.location)
            self._remember("REPLACE", one.location, one.document)
            self._db.run_each(
                "INSERT INTO troubles VALUES (?, ?, ?)",
                [(one.location, uri, reason) for uri, reason in one.troubles],
            )

    def _disturb(self, ids: Sequence[str]) -> None:
        """Let the documents of these articles be read again, until they are finished with.

        What was there before may come back as it was, stamp and all: a folder that is renamed back.
        """
        self._db.run_each(
            "UPDATE documents SET stamp = ''"
            " WHERE location = (SELECT location FROM articles WHERE id = ?)",
            [(id,) for id in ids],
        )

    def _remember(self, otherwise: str, location: str, one: Remembered) -> None:
        self._db.run(
            f"INSERT OR {otherwise} INTO documents VALUES (?, ?, ?, ?, ?)",
            *(location, one.origin, one.stamp, one.trace, one.id),
        )
