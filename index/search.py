"""The way of a question to its passages: understood, gathered, measured, ranked, reread."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.article import Article, Hit, Passage
from index.asked import Asked, Asking
from index.candidates import Candidates, by_meaning, by_words, measured
from index.errors import QuestionError
from index.filter import Filter
from index.fold import Folded, folded
from index.home import Home
from index.inference import cores
from index.lexical import Lexical
from index.protocols import Reranker
from index.ranking import learned
from index.recent import Recent
from index.signals import SIGNALS, Signals, signals
from index.understand import Understood

__all__ = ["QUESTION_AT_MOST", "Ranking", "Search", "checked_question"]

QUESTION_AT_MOST = 4_000
"""The longest question, in characters."""

Ranking = Literal["all", "words", "vectors"]

_SPARE = 2  # times as many passages are looked at as are wanted: some are copies of others
_STEEPNESS = 3.0  # by which the logarithm of a score falls from 1 to 1/e of the best
_AGAIN = 0.5  # what a further passage of one article loses of it, where several things are asked
_AGAIN_AT_MOST = 3
_SPREAD_AT_MOST = 50  # hits; those behind stay as they are
_REMEMBERED = 8_000_000  # characters in the hits of the latest searches
_HIT = 1_000  # … of one, without the texts

_NOTHING = -np.inf

Scores = npt.NDArray[np.float64]


def checked_question(question: str) -> str:
    """Return the question on one line; raises ``QuestionError`` if it is empty or too long."""
    line = unicodedata.normalize("NFC", "".join(c if c.isprintable() else " " for c in question))
    line = " ".join(line.split())
    if not any(c.isalnum() for c in line):
        raise QuestionError("the question is empty", "ask something in words")
    if len(line) > QUESTION_AT_MOST:
        raise QuestionError(
            f"the question has {len(line):,} characters", f"ask in at most {QUESTION_AT_MOST:,}"
        )
    return line


class Search:
    """Finds passages by words and by meaning; a ``Ranker``.

    Args:
        home: What is searched. A search sees an article as it was before a change, or after it.
        reranker: Orders the best ``rerank_depth`` again, if there is one.
        ranking: By all signals, or by words or vectors alone, to measure against.
    """

    def __init__(
        self,
        home: Home,
        reranker: Reranker | None = None,
        rerank_depth: int = 16,
        ranking: Ranking = "all",
    ) -> None:
        self._home = home
        self._lexical = Lexical(home.catalog)
        self._asking = Asking(home.catalog, self._lexical)
        self._reranker = reranker
        self._rerank_depth = rerank_depth
        self._ranking = ranking
        self._recent: Recent[Hit] = Recent(
            lambda: (home.catalog.revision, home.embedder.name), _REMEMBERED, _characters
        )
        # More at once would take the cores from each other; the others wait, first come first.
        self._seats = ThreadPoolExecutor(cores(), "search")

    def understand(
        self, question: str, now: dt.date | None = None, without: Iterable[str] = ()
    ) -> Understood:
        """Return what a question says of the articles it wants.

        Args:
            now: The day that "yesterday" is before; today by default.
            without: Labels of chips that shall not be understood.

        Raises:
            QuestionError: The question is empty or too long.
        """
        return self._asking.understood(checked_question(question), now, without)

    def search(
        self,
        question: str,
        limit: int = 10,
        wanted: Filter | None = None,
        *,
        now: dt.date | None = None,
        without: Iterable[str] = (),
        explain: bool = False,
    ) -> list[Hit]:
        """Return at most ``limit`` hits, best first, each passage once, and of copies the best.

        Args:
            wanted: Only passages of the articles that it lets through.
            now, without: As for ``understand``.
            explain: Whether the hits say what each signal added.

        Raises:
            QuestionError: The question is empty or too long.
        """
        understood = self.understand(question, now, without)
        if limit < 1 or not self._home.catalog.rows("SELECT 1 FROM passages LIMIT 1"):
            return []
        depth = max(limit, self._rerank_depth)  # so that a few are the first of more
        asked = (understood, depth, wanted or None, explain)
        return list(self._recent.get(asked, lambda: self._seated(*asked))[:limit])

    def _seated(self, *asked: Any) -> list[Hit]:
        return self._seats.submit(copy_context().run, self._found, *asked).result()

    def _found(
        self, understood: Understood, depth: int, wanted: Filter | None, explain: bool
    ) -> list[Hit]:
        # A change, of the embedder too, comes before all of this or after.
        with self._home.changes.shared():
            asked, found = self._gathered(understood, depth * _SPARE, wanted)
            hits = self._ranked(asked, found, depth, explain) if found.ids else []
        if self._reranker and hits:
            hits = self._reread(self._reranker, understood.question, hits)
        several = len(asked.parts) > 1 and self._ranking == "all"
        return _spread(hits) if several else hits

    def _gathered(
        self, understood: Understood, limit: int, wanted: Filter | None
    ) -> tuple[Asked, Candidates]:
        """Return the question as it is asked, and the best by words and by vectors, measured."""
        with ThreadPoolExecutor(1) as beside:  # words are looked up while the question is embedded
            words = beside.submit(by_words, self._lexical, understood, limit, wanted)
            asked = self._asking.asked(understood, self._home.embedder)
            meaning = by_meaning(self._home, asked, limit, wanted)
            return asked, measured(self._home, asked, [*words.result(), *meaning])

    def _reread(self, reranker: Reranker, question: str, hits: list[Hit]) -> list[Hit]:
        """Return the hits in the order of a reranker, those that it does not look at behind."""
        first, rest = hits[: self._rerank_depth], hits[self._rerank_depth :]
        found = reranker.rerank(question, first)
        before = {hit.passage.id: _STEEPNESS * math.log(hit.score) for hit in first}
        best = found[0].score
        relative = [
            _with(
                replace(hit, score=math.exp((hit.score - best) / _STEEPNESS)),
                "second look",
                hit.score - before[hit.passage.id],
            )
            for hit in found
        ]
        behind = [
            replace(hit, score=relative[-1].score * hit.score / rest[0].score) for hit in rest
        ]
        return [*relative, *behind]

    def _ranked(self, asked: Asked, found: Candidates, limit: int, explain: bool) -> list[Hit]:
        measured = signals(asked, found)
        shares = learned().shares(measured)
        score = self._scores(measured, shares)
        there = [row for row in range(len(found.ids)) if score[row] > _NOTHING]
        order = sorted(there, key=lambda row: (-score[row], found.ids[row]))
        kept = self._folded([found.ids[row] for row in order], limit)
        row_of = {id: row for row, id in enumerate(found.ids)}
        rows = [row_of[one.id] for one in kept]
        relative = np.exp((score[rows] - score.max()) / _STEEPNESS)
        cosines = found.vectors[rows] @ asked.vector
        return [
            Hit(
                one.passage,
                one.article,
                float(relative[i]),
                float(cosines[i]),
                tuple(one.copies),
                _explained(shares[rows[i]]) if explain else (),
            )
            for i, one in enumerate(kept)
        ]

    def _scores(self, measured: Signals, shares: Scores) -> Scores:
        if self._ranking == "all":
            total: Scores = shares.sum(1)
            return total
        words: Scores = measured.values[:, SIGNALS.index("words")]
        if self._ranking == "words":
            return np.where(words > 0, words, _NOTHING)
        meaning: Scores = measured.values[:, SIGNALS.index("meaning")]
        return meaning

    def _folded(self, ids: Sequence[str], limit: int) -> list[Folded]:
        """Return the first passages of this order, copies folded."""
        first = ids[: limit * _SPARE]
        known = self._home.catalog.passages(first)
        there: list[tuple[str, Passage, Article]] = [
            (id, *known[id]) for id in first if id in known
        ]
        story = self._home.catalog.copies.story([article.id for _, _, article in there])
        return list(folded(there, story, limit))


def _characters(hit: Hit) -> int:
    """Return how many characters a hit holds: it has its article whole, which may be a book."""
    texts = (hit.article.text, *(copy.text for copy in hit.copies))
    return _HIT + sum(map(len, texts))


def _spread(hits: list[Hit]) -> list[Hit]:
    """Return the hits in an order in which articles take turns, unless one is much better."""
    before: Counter[str] = Counter()
    left, found = hits[:_SPREAD_AT_MOST], list[Hit]()
    lost = math.exp(-_AGAIN / _STEEPNESS)

    def worth(place: int) -> float:
        again = min(before[left[place].article.id], _AGAIN_AT_MOST)
        return left[place].score * lost**again

    while left:
        place = max(range(len(left)), key=worth)  # the first of equals
        score = min(worth(place), found[-1].score if found else 1.0)
        hit = left.pop(place)
        before[hit.article.id] += 1
        lower = _STEEPNESS * math.log(score / hit.score)
        found.append(_with(replace(hit, score=score), "article again", lower))
    return [*found, *hits[_SPREAD_AT_MOST:]]


def _with(hit: Hit, name: str, share: float) -> Hit:
    """Return the hit with one more share, if it is explained."""
    return replace(hit, signals=(*hit.signals, (name, share))) if hit.signals and share else hit


def _explained(shares: Scores) -> tuple[tuple[str, float], ...]:
    named = zip(SIGNALS, shares.tolist(), strict=True)
    return tuple((name, share) for name, share in named if share)
