"""Conversations that a home keeps, in a SQLite file beside its catalog.

A stored answer is the JSON of the one that was streamed. Each change is one transaction: what a
method has returned from is there after a kill.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kb.answer import Answer
from kb.conversation import ConversationEntry, StoredConversation, Turn
from kb.conversation_file import ConversationFile, now
from kb.conversation_tables import WITH_WORDS_BEFORE, as_searched, as_title
from kb.erase import erased
from kb.errors import CatalogError, KBError, NotFoundError
from kb.feedback import Rated
from kb.footnotes import footnoted
from kb.recall import Find, answer_of
from kb.record import answer_json, conversation_json, dumps, line, mentioned

__all__ = ["Conversations", "ExportFormat"]

ExportFormat = Literal["md", "json"]

_ALL = 1 << 62  # more than any number


class Conversations(Rated):
    """The stored conversations of a home; safe to use from several threads.

    The file is opened, and made, when it is first needed: if it is damaged, answers are given all
    the same. Every method raises ``CatalogError`` if it is, or is of a newer version.

    Args:
        path: The file.
        find: Returns an article as it is now.
        owner: Where people sign in, whose conversations these are; others' are not seen.
    """

    def __init__(self, path: Path, find: Find, owner: str = "") -> None:
        super().__init__(ConversationFile(path), owner)
        self._find = find

    def of(self, owner: str) -> Conversations:
        """Return the conversations of somebody else in the same file, who sees only these."""
        other = copy(self)
        other._owner = owner
        return other

    def create(self, *answers: Answer, title: str = "") -> ConversationEntry:
        """Begin a conversation with these answers, and return what a list shows of it.

        Args:
            title: One line, cut after 120 characters; without it, the first question.
        """
        id = secrets.token_hex(6)
        with self._db.transaction():
            number = self._db.run(
                "INSERT INTO conversations (id, owner, title, created_at) VALUES (?, ?, ?, ?)",
                id,
                self._owner,
                as_title(title),
                now(),
            )
            for answer in answers:
                self._add(number, answer)
            return self._file.entry(number)

    def append(self, id: str, answer: Answer) -> ConversationEntry:
        """Add an answer, with its question; raises ``NotFoundError`` if there is none such."""
        with self._db.transaction():
            number = self._number(id)
            self._add(number, answer)
            return self._file.entry(number)

    def replace_last(self, id: str, answer: Answer, last: int | None = None) -> ConversationEntry:
        """Put an answer in the place of the last one, whose question was asked again.

        Args:
            last: The number of the one that is meant, from 1. If it is not the last any more, as
                another has added to the conversation, the answer comes after it and none is lost.

        Raises:
            NotFoundError: There is no such conversation.
        """
        with self._db.transaction():
            number = self._number(id)
            if last in (None, self._file.entry(number).turns):
                self._take_last(number)
            self._add(number, answer)
            return self._file.entry(number)

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
        where = (
            "WHERE c.number = (SELECT t.conversation FROM turns t JOIN conversations o"
            " ON o.number = t.conversation WHERE o.owner = ? ORDER BY t.number DESC LIMIT 1)"
        )
        return next(iter(self._file.entries(where, self._owner)), None)

    def search(
        self, words: str, limit: int = 50, *, before: str | None = None
    ) -> tuple[ConversationEntry, ...]:
        """Return the conversations in which all these words stand, as ``list`` does.

        They may stand in the title, in a question or in an answer, also as parts of words; upper
        and lower case are the same.
        """
        bound = self._number(before) if before else _ALL
        wanted = json.dumps(as_searched(words).split())
        return self._file.entries(WITH_WORDS_BEFORE, self._owner, bound, wanted, limit)

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
            entry = self._file.entry(number)
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
            return self._file.entry(number)

    def delete(self, id: str) -> ConversationEntry:
        """Delete a conversation and return what a list showed of it.

        What is left of it on disk is overwritten by ``KnowledgeBase.compact``.

        Raises:
            NotFoundError: There is no such conversation.
        """
        with self._db.transaction():
            number = self._number(id)
            entry = self._file.entry(number)
            self._db.run("DELETE FROM conversations WHERE number = ?", number)
            return entry

    def export(self, id: str, format: ExportFormat = "md", *, number: int | None = None) -> str:
        """Return a conversation as Markdown with footnotes, or as JSON.

        Args:
            number: Of the one answer that is wanted, from 1.

        Raises:
            NotFoundError: There is no such conversation, or no such answer in it.
        """
        stored = self.get(id)
        if number is not None:
            if not 1 <= number <= len(stored.turns):
                raise NotFoundError(f"the conversation {id!r} has no answer {number}")
            stored = replace(stored, turns=(stored.turns[number - 1],))
        return footnoted(stored) if format == "md" else dumps(conversation_json(stored)) + "\n"

    def compact(self, gone: Collection[str]) -> None:
        """Take the words of these articles out of all answers, and write the file anew.

        Raises:
            CatalogError: The disk has no room for the copy; nothing is changed then.
        """
        if not self._file.path.exists():
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
        self._file.close()

    def _take_last(self, conversation: int) -> None:
        """Delete the last answer; with the only one goes the title that is its question."""
        entry = self._file.entry(conversation)
        last = (
            "SELECT number, answer FROM turns WHERE conversation = ? ORDER BY number DESC LIMIT 1"
        )
        for turn, answer in self._db.rows(last, conversation):
            self._db.run("DELETE FROM turns WHERE number = ?", turn)
            if entry.turns == 1 and entry.title == as_title(json.loads(answer)["question"]):
                self._db.run("UPDATE conversations SET title = '' WHERE number = ?", conversation)

    def _add(self, conversation: int, answer: Answer) -> None:
        record = answer_json(answer)
        turn = self._db.run(
            "INSERT INTO turns (conversation, asked_at, said, answer) VALUES (?, ?, '', '')",
            conversation,
            now(),
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
