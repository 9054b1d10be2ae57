"""What readers thought of answers: a thumb and a reason, beside the stored answer."""

from __future__ import annotations

from dataclasses import dataclass

from index.database import Database
from kb.conversation_file import now
from kb.conversation_tables import as_reason

__all__ = ["Rating", "rate", "ratings"]


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


def rate(database: Database, turn: int, good: bool, reason: str) -> None:
    """Keep a rating of a turn; in a transaction."""
    database.run(
        "INSERT OR REPLACE INTO ratings (turn, rated_at, good, reason) VALUES (?, ?, ?, ?)",
        turn,
        now(),
        int(good),
        as_reason(reason),
    )


def ratings(database: Database, owner: str | None, conversation: int | None) -> tuple[Rating, ...]:
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
