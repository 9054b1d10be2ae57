"""Conversations that a home keeps, in a SQLite file beside its catalog.

A stored answer is the JSON of the one that was streamed. Each change is one transaction: what a
method has returned from is there after a kill.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Collection
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from index.database import Database
from kb.answer import Answer
from kb.conversation import ConversationEntry, StoredConversation, Turn
from kb.conversation_tables import ENTRIES, TABLES, WITH_WORDS_BEFORE, as_searched, as_title
from kb.erase import erased
from kb.errors import CatalogError, KBError, NotFoundError
from kb.footnotes import footnoted
from kb.recall import Find, answer_of
from kb.record import answer_json, conversation_json, dumps, line, mentioned

__all__ = ["Conversations", "ExportFormat"]

ExportFormat = Literal["md", "json"]

_ALL = 1 << 62  # more than any number
_BEGINNING = 4  # characters of an id that a person types


class Conversations:
    """The stored conversations of a home; safe to use from several threads.

    The file is opened, and made, when it is first needed: if it is damaged, answers are given all
    the same. Every method raises ``CatalogError`` if it is, or is of a newer version.

    Args:
        path: The file.
        find: Returns an article as it is now.
    """

    def __init__(self, path: Path, find: Find) -> None:
        self._path = path
        self._find = find
        self._opening = Lock()
        self._opened: Database | None = None
        self._closed = False

    @property
    def _db(self) -> Database:
        with self._opening:
            if self._closed:
                raise CatalogError("the knowledge base is closed", "open it again")
            if self._opened is None:
                self._opened = Database(self._path, TABLES)
            return self._opened

    def create(self, *answers: Answer, title: str = "") -> ConversationEntry:
        """Begin a conversation with these answers, and return what a list shows of it.

        Args:
            title: One line, cut after 120 characters; without it, the first question.
        """
        id = secrets.token_hex(6)
        with self._db.transaction():
            number = self._db.run(
                "INSERT INTO conversations (id, title, created_at) VALUES (?, ?, ?)",
                id,
                as_title(title),
                _now(),
            )
            for answer in answers:
                self._add(number, answer)
            return self._entry(number)

    def append(self, id: str, answer: Answer) -> ConversationEntry:
        """Add an answer, with its question; raises ``NotFoundError`` if there is none such."""
        with self._db.transaction():
            number = self._number(id)
            self._add(number, answer)
            return self._entry(number)

    def list(self, limit: int = 50, *, before: str | None = None) -> tuple[ConversationEntry, ...]:
        """Return conversations, the newest first, without what was said.

        Args:
            limit: How many at most.
            before: The id of the last one that was listed; only those begun before it are.

        Raises:
            NotFoundError: There is no conversation ``before``.
        """
        return self.search("", limit, before=before)

    def latest(self) -> ConversationEntry | None:
        """Return the conversation in which the last question was answered."""
        where = "WHERE c.number = (SELECT conversation FROM turns ORDER BY number DESC LIMIT 1)"
        return next(iter(self._entries(where)), None)

    def search(
        self, words: str, limit: int = 50, *, before: str | None = None
    ) -> tuple[ConversationEntry, ...]:
        """Return the conversations in which all these words stand, as ``list`` does.

        They may stand in the title, in a question or in an answer, also as parts of words; upper
        and lower case are the same.
        """
        bound = self._number(before) if before else _ALL
        wanted = json.dumps(as_searched(words).split())
        return self._entries(WITH_WORDS_BEFORE, bound, wanted, limit)

    def get(self, id: str) -> StoredConversation:
        """Return a conversation with every answer as it was streamed.

        Where an article has changed since or is gone, its citations show what they did, and say so
        (``Citation.kept``).

        Args:
            id: Or the beginning of one, four characters or more.

        Raises:
            NotFoundError: There is no such conversation.
        """
        with self._db.transaction():  # or it could be deleted in between
            number = self._number(id)
            entry = self._entry(number)
            rows = self._db.rows(
                "SELECT asked_at, answer FROM turns WHERE conversation = ? ORDER BY number", number
            )
        find = cache(self._find)
        try:
            turns = tuple(Turn(at, answer_of(json.loads(answer), find)) for at, answer in rows)
        except ValueError as error:
            raise CatalogError(
                f"an answer of the conversation {entry.id} cannot be read: {error}",
                "update footnoted",
            ) from error
        return StoredConversation(entry, turns)

    def rename(self, id: str, title: str) -> ConversationEntry:
        """Give a conversation another title, cut after 120 characters.

        Raises:
            NotFoundError, KBError: There is no such conversation, or the title is empty.
        """
        line = as_title(title)
        if not line:
            raise KBError("the title is empty", "give it a word")
        with self._db.transaction():
            number = self._number(id)
            self._db.run("UPDATE conversations SET title = ? WHERE number = ?", line, number)
            return self._entry(number)

    def delete(self, id: str) -> ConversationEntry:
        """Delete a conversation and return what a list showed of it.

        What is left of it on disk is overwritten by ``KnowledgeBase.compact``.

        Raises:
            NotFoundError: There is no such conversation.
        """
        with self._db.transaction():
            number = self._number(id)
            entry = self._entry(number)
            self._db.run("DELETE FROM conversations WHERE number = ?", number)
            return entry

    def export(self, id: str, format: ExportFormat = "md") -> str:
        """Return a conversation as Markdown with footnotes, or as JSON; raises as ``get`` does."""
        stored = self.get(id)
        return footnoted(stored) if format == "md" else dumps(conversation_json(stored)) + "\n"

    def compact(self, gone: Collection[str]) -> None:
        """Take the words of these articles out of all answers, and write the file anew.

        Raises:
            CatalogError: The disk has no room for the copy; nothing is changed then.
        """
        if not self._path.exists():
            return
        with self._db.transaction():
            for article in gone:
                rows = self._db.rows(
                    "SELECT t.number, t.answer FROM mentions m JOIN turns t ON t.number = m.turn"
                    " WHERE m.article = ?",
                    article,
                )
                for number, answer in rows:
                    self._write(number, erased(json.loads(answer), gone))
                self._db.run("DELETE FROM mentions WHERE article = ?", article)
        self._db.compact()

    def close(self) -> None:
        """Close the file; may be called twice."""
        with self._opening:
            self._closed = True
            if self._opened:
                self._opened.close()

    def _add(self, conversation: int, answer: Answer) -> None:
        record = answer_json(answer)
        turn = self._db.run(
            "INSERT INTO turns (conversation, asked_at, said, answer) VALUES (?, ?, '', '')",
            conversation,
            _now(),
        )
        self._write(turn, record)
        articles = sorted(set(mentioned(record)))
        self._db.run_each("INSERT INTO mentions VALUES (?, ?)", [(one, turn) for one in articles])
        self._db.run(
            "UPDATE conversations SET title = ? WHERE number = ? AND title = ''",
            as_title(answer.question),
            conversation,
        )

    def _write(self, turn: int, record: dict[str, Any]) -> None:
        said = as_searched(f"{record['question']}\n{record['text']}")
        statement = "UPDATE turns SET said = ?, answer = ? WHERE number = ?"
        self._db.run(statement, said, line(record), turn)

    def _number(self, id: str) -> int:
        """Return the number of a conversation, by its id or by a beginning that only it has."""
        found = self._db.rows(
            "SELECT number FROM conversations WHERE id = ?1"
            " OR (length(?1) >= ?2 AND substr(id, 1, length(?1)) = ?1) LIMIT 2",
            id,
            _BEGINNING,
        )
        if len(found) != 1:
            raise NotFoundError(
                f"there is no one conversation {id!r}", "see the ids with: kb conversations list"
            )
        return int(found[0][0])

    def _entry(self, number: int) -> ConversationEntry:
        return self._entries("WHERE c.number = ?", number)[0]

    def _entries(self, where: str, *values: object) -> tuple[ConversationEntry, ...]:
        return tuple(ConversationEntry(*row) for row in self._db.rows(ENTRIES + where, *values))


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
