"""What readers thought of answers: a thumb and a reason, beside the stored answer."""

from __future__ import annotations

from dataclasses import dataclass

from index.database import Database
from kb.conversation_file import ConversationFile, now
from kb.conversation_tables import as_reason
from kb.errors import NotFoundError

__all__ = ["Rated", "Rating"]


@dataclass(frozen=True, slots=True)
class Rating:
    """What a reader thought of an answer.

    Attributes:
        conversation: The id of the conversation.
        number: Of the answer in it, from 1.
        owner: Whose conversation it is; empty where nobody signs in.
        rated_at: ISO 8601, UTC.
        answer: As it was shown, as JSON (see ``kb.record``).
    """

    conversation: str
    number: int
    owner: str
    rated_at: str
    good: bool
    reason: str
    question: str
    answer: str


class Rated:
    """The part of a store of conversations that keeps what readers thought of answers.

    Args:
        file: Of the conversations.
        owner: Whose conversations are seen.
    """

    def __init__(self, file: ConversationFile, owner: str) -> None:
        self._file = file
        self._owner = owner

    @property
    def _db(self) -> Database:
        return self._file.database

    def _number(self, id: str) -> int:
        return self._file.number(id, self._owner)

    def rate(self, id: str, number: int, good: bool, reason: str = "") -> Rating:
        """Keep what a reader thought of an answer, in the place of what was thought before.

        Args:
            id: Of the conversation.
            number: Of the answer in it, from 1.
            reason: Why, cut after 2,000 characters.

        Raises:
            NotFoundError: There is no such answer.
        """
        with self._db.transaction():
            conversation = self._number(id)
            turns = self._db.rows(
                "SELECT number FROM turns WHERE conversation = ? ORDER BY number LIMIT 1 OFFSET ?",
                conversation,
                max(number, 1) - 1,
            )
            if number < 1 or not turns:
                raise NotFoundError(f"the conversation {id!r} has no answer {number}")
            _rate(self._db, turns[0][0], good, reason)
        return next(one for one in self.ratings(id) if one.number == number)

    def ratings(self, id: str | None = None) -> tuple[Rating, ...]:
        """Return what readers thought of answers, the newest first.

        Args:
            id: Of one conversation; without it, of all that this owner has.
        """
        return _ratings(self._db, self._owner, self._number(id) if id else None)

    def everybodys_ratings(self) -> tuple[Rating, ...]:
        """Return what all readers thought of answers, the newest first."""
        return _ratings(self._db, None, None)


def _rate(database: Database, turn: int, good: bool, reason: str) -> None:
    """Keep a rating of a turn; in a transaction."""
    database.run(
        "INSERT OR REPLACE INTO ratings (turn, rated_at, good, reason) VALUES (?, ?, ?, ?)",
        turn,
        now(),
        int(good),
        as_reason(reason),
    )


def _ratings(database: Database, owner: str | None, conversation: int | None) -> tuple[Rating, ...]:
    """Return ratings, the newest first: of one owner, of one conversation, or of all."""
    rows = database.rows(
        "SELECT c.id, (SELECT count(*) FROM turns b WHERE b.conversation = t.conversation"
        " AND b.number <= t.number), c.owner, r.rated_at, r.good, r.reason,"
        " json_extract(t.answer, '$.question'), t.answer"
        " FROM ratings r JOIN turns t ON t.number = r.turn"
        " JOIN conversations c ON c.number = t.conversation"
        " WHERE (?1 IS NULL OR c.owner = ?1) AND (?2 IS NULL OR c.number = ?2)"
        " ORDER BY r.rated_at DESC, t.number DESC",
        owner,
        conversation,
    )
    return tuple(
        Rating(id, number, whose, at, bool(good), *said)
        for id, number, whose, at, good, *said in rows
    )
