"""The tables of the store of conversations, what is read of them, and how texts stand in them."""

from __future__ import annotations

from types import MappingProxyType

from index.schema import Schema

__all__ = ["ENTRIES", "TABLES", "WITH_WORDS_BEFORE", "as_reason", "as_searched", "as_title"]

_TITLE_AT_MOST = 120
_REASON_AT_MOST = 2_000

_RATINGS = """
CREATE TABLE ratings (               -- what readers thought of an answer, the last each said
    turn INTEGER PRIMARY KEY REFERENCES turns (number) ON DELETE CASCADE,
    rated_at TEXT NOT NULL, good INTEGER NOT NULL, reason TEXT NOT NULL
)"""

TABLES = Schema(
    name="store of conversations",
    application_id=0x464E4356,  # "FNCV"
    version=2,
    tables=f"""
CREATE TABLE conversations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL DEFAULT '',  -- where people sign in, whose it is
    title TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE TABLE turns (                 -- the answer last, so that the rest is read without it
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    asked_at TEXT NOT NULL,
    said TEXT NOT NULL,              -- question and answer, casefolded, to be searched
    answer TEXT NOT NULL             -- JSON
);
CREATE INDEX turns_conversation ON turns (conversation);
CREATE TABLE mentions (              -- which answers have something of an article
    article TEXT NOT NULL,
    turn INTEGER NOT NULL REFERENCES turns (number) ON DELETE CASCADE,
    PRIMARY KEY (article, turn)
) WITHOUT ROWID;
CREATE INDEX mentions_turn ON mentions (turn);
{_RATINGS}
""",
    migrations=MappingProxyType({1: _RATINGS}),
)

ENTRIES = """
SELECT c.id, c.title, c.created_at, coalesce((
    SELECT t.asked_at FROM turns t WHERE t.conversation = c.number ORDER BY t.number DESC LIMIT 1
), c.created_at), (SELECT count(*) FROM turns t WHERE t.conversation = c.number)
FROM conversations c """
"""A row is a ``ConversationEntry``; conditions on ``c`` follow."""

WITH_WORDS_BEFORE = """
WHERE c.owner = ? AND c.number < ? AND NOT EXISTS (
    SELECT 1 FROM json_each(?) w WHERE NOT instr(folded(c.title), w.value) AND NOT EXISTS (
        SELECT 1 FROM turns t WHERE t.conversation = c.number AND instr(t.said, w.value)))
ORDER BY c.number DESC LIMIT ?
"""
"""Takes an owner, a number, words as ``as_searched`` has them in JSON, and how many at most."""


def _plain(text: str) -> str:
    """Return a text that SQLite takes whole: it ends at a NUL, and has no lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def as_searched(text: str) -> str:
    """Return a text as it is searched: upper and lower case are one."""
    return _plain(text).casefold()


def as_title(text: str) -> str:
    """Return a text as one line that is not too long."""
    line = " ".join(_plain(text).split())
    return line if len(line) <= _TITLE_AT_MOST else f"{line[: _TITLE_AT_MOST - 1].rstrip()}…"


def as_reason(text: str) -> str:
    """Return a text of a reader as it is stored."""
    return _plain(text).strip()[:_REASON_AT_MOST]
