"""BM25 over the catalog's terms (Robertson et al., 1994, as SQLite's FTS5 computes it)."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from index.analysis import Forms, query_terms
from index.filter import Filter
from index.records import Records

__all__ = ["FIELD_WEIGHTS", "Lexical", "match_expression"]

FIELD_WEIGHTS = (0.5, 2.0, 1.0, 1.0, 1.0)
"""How much a term counts in title, source, date, heading and body."""

_WORDS_AT_LEAST = 5
_COMMON = 0.3
_ALONE_AT_MOST = 20_000  # passages, in which one thread finds words in a few milliseconds
_SAMPLE = 256  # passages by which the mean length is known
_KEPT = 100_000  # terms whose frequencies are remembered


def match_expression(terms: Iterable[str]) -> str:
    """Return an FTS5 expression for passages with any of the terms; "" if there are none.

    Every term is quoted, so that nothing in a question is an operator of the query language.
    """
    return " OR ".join(f'"{term}"' for term in terms)


class Lexical:
    """Ranks passages by the words that they share with a question.

    Words that stand in more than three of ten passages are left out while there are five others:
    they tell next to nothing, and took most of the time.
    """

    def __init__(self, catalog: Records) -> None:
        self._catalog = catalog
        self._revision = -1  # at which the rest is true
        self._frequencies: dict[str, int] = {}
        self._passages = 0
        self._languages: list[str | None] = []
        self._mean_length = 0.0

    def rank(
        self, question: str, limit: int, wanted: Filter | None = None
    ) -> list[tuple[str, float]]:
        """Return ids and BM25 scores (higher is better) of the passages with the question's words.

        Args:
            wanted: Only passages of the articles that it lets through.
        """
        terms = dict.fromkeys(form for forms in self.terms(question) for form in forms)
        expression = match_expression(filter(self._frequency, terms))
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

    def terms(self, question: str) -> list[Forms]:
        """Return the words that a question is ranked by, in order, each in its forms.

        Forms that no passage has are left out; a word that none has in any form is there as it is.
        """
        self._look()
        words = [
            tuple(filter(self._frequency, forms)) or forms
            for forms in query_terms(question, self._languages)
        ]
        # Hardly a passage has two forms of a word: they are of different languages.
        counts = [sum(map(self._frequency, forms)) for forms in words]
        there = sorted(filter(None, counts))
        if len(there) <= _WORDS_AT_LEAST:
            return words
        most = max(_COMMON * self._passages, there[_WORDS_AT_LEAST - 1])
        return [forms for forms, count in zip(words, counts, strict=True) if count <= most]

    @property
    def passages(self) -> int:
        """The number of passages."""
        self._look()
        return self._passages

    @property
    def languages(self) -> list[str | None]:
        """The languages that articles are in."""
        self._look()
        return self._languages

    @property
    def mean_length(self) -> float:
        """How many terms a passage has in all its fields, of a sample spread over all of them."""
        self._look()
        return self._mean_length

    def frequency(self, term: str) -> int:
        """Return the number of passages that have a term."""
        self._look()
        return self._frequency(term)

    def _look(self) -> None:
        """Forget what was true before the last change."""
        revision = self._catalog.revision
        if revision != self._revision or len(self._frequencies) > _KEPT:
            self._frequencies, self._passages = {}, self._catalog.count("passages")
            self._languages = self._catalog.languages()
            self._mean_length = self._catalog.mean_terms(_SAMPLE)
            self._revision = revision  # last: another thread goes by it

    def _frequency(self, term: str) -> int:
        if term not in self._frequencies:
            statement = "SELECT count(*) FROM words WHERE words MATCH ?"
            found = self._catalog.rows(statement, match_expression([term]))
            self._frequencies[term] = int(found[0][0])
        return self._frequencies[term]

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
            " (SELECT words.rowid AS number, bm25(words, ?, ?, ?, ?, ?) AS score"
            f"  FROM words {joined} WHERE words MATCH ? AND words.rowid BETWEEN ? AND ?"
            f"  AND {condition} ORDER BY score, words.rowid LIMIT ?) AS found"
            " JOIN passages p ON p.number = found.number",
            *(*FIELD_WEIGHTS, expression, *numbers, *values, limit),
        )
        return [(id, score, number) for id, score, number in rows]
