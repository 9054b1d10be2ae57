"""BM25 over the catalog's words (Robertson et al., 1994, as SQLite's FTS5 computes it)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from index.filter import Filter
from index.records import Records
from index.stopwords import STOP_WORDS

__all__ = ["Lexical", "match_expression", "query_words"]

_WORD = re.compile(r"\w+")
_WORDS_AT_MOST = 64  # of a question, distinct; a longer one is a text, and time grows with it
_WORDS_AT_LEAST = 5
_COMMON = 0.3
_ALONE_AT_MOST = 20_000  # passages, in which one thread finds words in a few milliseconds


def query_words(question: str) -> list[str]:
    """Return the distinct words of a question that say what it is about, in lower case.

    If a question has only stop words, these are returned.
    """
    # Lower case as FTS5 has it: "ß" stays, which casefold would make "ss".
    words = list(dict.fromkeys(_WORD.findall(question.replace("_", " ").lower())))
    telling = [word for word in words if word not in STOP_WORDS]
    return (telling or words)[:_WORDS_AT_MOST]


def match_expression(words: Iterable[str]) -> str:
    """Return an FTS5 expression for passages with any of the words; "" if there are none.

    Every word is quoted, so that nothing in a question is an operator of the query language.
    """
    return " OR ".join(f'"{word}"' for word in words)


class Lexical:
    """Ranks passages by the words that they share with a question.

    Words that stand in more than three of ten passages are left out while there are five others:
    they tell next to nothing, and took most of the time.
    """

    def __init__(self, catalog: Records) -> None:
        self._catalog = catalog
        self._counts: dict[str, int] = {}  # passages with a word, at a revision
        self._revision = -1
        self._passages = 0

    def rank(
        self, question: str, limit: int, wanted: Filter | None = None
    ) -> list[tuple[str, float]]:
        """Return ids and BM25 scores (higher is better) of the passages with the question's words.

        Args:
            wanted: Only passages of the articles that it lets through.
        """
        expression = match_expression(self._telling(query_words(question)))
        if not expression:
            return []
        last = int(self._catalog.rows("SELECT max(number) FROM passages")[0][0] or 0)
        if last < _ALONE_AT_MOST:
            found = self._scored(expression, limit, wanted, (0, last))
        else:  # SQLite lets go of the interpreter: two cores take half of the passages each
            halves = ((0, last // 2), (last // 2 + 1, last))
            with ThreadPoolExecutor(2) as pool:
                parts = pool.map(lambda half: self._scored(expression, limit, wanted, half), halves)
                found = [one for part in parts for one in part]
        best = sorted(found, key=lambda one: (-one[1], one[2]))[:limit]
        return [(id, score) for id, score, _ in best]

    def _scored(
        self, expression: str, limit: int, wanted: Filter | None, numbers: tuple[int, int]
    ) -> list[tuple[str, float, int]]:
        """Return the best passages with a number in this range, with their scores among all."""
        joined, condition, values = "", "1", list[object]()
        if wanted:
            # CROSS keeps the order: looking words up for each passage of a filter takes minutes.
            joined = "CROSS JOIN passages q ON q.number = words.rowid"
            condition, values = self._catalog.condition(wanted, "q")
        rows = self._catalog.rows(
            "SELECT p.id, -found.score, found.number FROM"
            " (SELECT words.rowid AS number, bm25(words, 1.0, 1.0) AS score"
            f"  FROM words {joined} WHERE words MATCH ? AND words.rowid BETWEEN ? AND ?"
            f"  AND {condition} ORDER BY score, words.rowid LIMIT ?) AS found"
            " JOIN passages p ON p.number = found.number",
            *(expression, *numbers, *values, limit),
        )
        return [(id, score, number) for id, score, number in rows]

    def _telling(self, words: list[str]) -> list[str]:
        """Return the words without those that stand nearly everywhere."""
        if len(words) <= _WORDS_AT_LEAST:
            return words
        revision = self._catalog.revision
        if revision != self._revision:
            self._counts, self._passages = {}, self._catalog.count("passages")
            self._revision = revision
        return [
            word
            for i, word in enumerate(sorted(words, key=self._count))
            if i < _WORDS_AT_LEAST or self._count(word) <= _COMMON * self._passages
        ]

    def _count(self, word: str) -> int:
        if word not in self._counts:
            statement = "SELECT count(*) FROM words WHERE words MATCH ?"
            self._counts[word] = int(self._catalog.rows(statement, f'"{word}"')[0][0])
        return self._counts[word]
