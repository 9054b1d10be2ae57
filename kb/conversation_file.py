"""The file of the stored conversations, opened when it is first needed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from threading import Lock

from index.database import Database
from kb.conversation import ConversationEntry
from kb.conversation_tables import ENTRIES, TABLES
from kb.errors import CatalogError, NotFoundError

__all__ = ["ConversationFile", "now"]

_BEGINNING = 4  # characters of an id that a person types


class ConversationFile:
    """A SQLite file that is opened, and made, when it is first needed.

    So answers are given all the same if it is damaged; whatever needs it raises ``CatalogError``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opening = Lock()
        self._opened: Database | None = None
        self._closed = False

    @property
    def database(self) -> Database:
        """The open file."""
        with self._opening:
            if self._closed:
                raise CatalogError("the knowledge base is closed", "open it again")
            if self._opened is None:
                self._opened = Database(self.path, TABLES)
            return self._opened

    def number(self, id: str, owner: str) -> int:
        """Return the number of a conversation, by its id or by a beginning that only it has.

        Raises:
            NotFoundError: This owner has no such conversation.
        """
        found = self.database.rows(
            "SELECT number FROM conversations WHERE owner = ?3 AND (id = ?1"
            " OR (length(?1) >= ?2 AND substr(id, 1, length(?1)) = ?1)) LIMIT 2",
            id,
            _BEGINNING,
            owner,
        )
        if len(found) != 1:
            raise NotFoundError(
                f"there is no one conversation {id!r}", "see the ids with: kb conversations list"
            )
        return int(found[0][0])

    def entry(self, number: int) -> ConversationEntry:
        """Return what a list shows of a conversation."""
        return self.entries("WHERE c.number = ?", number)[0]

    def entries(self, where: str, *values: object) -> tuple[ConversationEntry, ...]:
        """Return what a list shows of those that meet a condition on ``c``."""
        rows = self.database.rows(ENTRIES + where, *values)
        return tuple(ConversationEntry(*row) for row in rows)

    def close(self) -> None:
        """Close the file; may be called twice."""
        with self._opening:
            self._closed = True
            if self._opened:
                self._opened.close()


def now() -> str:
    """Return this moment as it is stored, ISO 8601, UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
