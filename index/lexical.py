"""BM25 over the catalog's words (Robertson et al., 1994, as SQLite's FTS5 computes it)."""

from __future__ import annotations

import re

from index.catalog import Catalog
from index.stopwords import STOP_WORDS

__all__ = ["match_expression", "query_words", "rank_words"]

_WORD = re.compile(r"\w+")
_WORDS_AT_MOST = 64  # of a question, distinct; a longer one is a text, and time grows with it


def query_words(question: str) -> list[str]:
    """Return the distinct words of a question that say what it is about, in lower case.

    If a question has only stop words, these are returned.
    """
    # Lower case as FTS5 has it: "ß" stays, which casefold would make "ss".
    words = list(dict.fromkeys(_WORD.findall(question.replace("_", " ").lower())))
    telling = [word for word in words if word not in STOP_WORDS]
    return (telling or words)[:_WORDS_AT_MOST]


def match_expression(question: str) -> str:
    """Return an FTS5 expression for passages with any of the words; "" if there are none.

    Every word is quoted, so that nothing in a question is an operator of the query language.
    """
    return " OR ".join(f'"{word}"' for word in query_words(question))


def rank_words(catalog: Catalog, question: str, limit: int) -> list[tuple[str, float]]:
    """Return ids and BM25 scores (higher is better) of the passages with the question's words."""
    expression = match_expression(question)
    if not expression:
        return []
    return [
        (id, -score)
        for id, score in catalog.rows(
            "SELECT p.id, found.score FROM"
            " (SELECT rowid, bm25(words, 1.0, 1.0) AS score FROM words WHERE words MATCH ?"
            "  ORDER BY score LIMIT ?) AS found"
            " JOIN passages p ON p.number = found.rowid ORDER BY found.score, p.id",
            expression,
            limit,
        )
    ]
