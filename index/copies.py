"""Near duplicates: the copies of a story that several sources print.

Candidates come from MinHash and locality-sensitive hashing (Broder, 1997; Indyk & Motwani, 1998)
over runs of five words; each pair is then compared exactly, so that a link is never a chance of
hashing.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Sequence

from index.database import Database

__all__ = ["Copies", "bands", "resemblance"]

# Where words are not set apart by spaces, each character counts as one.
_WORD = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\\w+")
_RUN = 5
_WORDS_AT_LEAST = 30  # a shorter text is like others by chance: "No comment."
_ROWS, _BANDS = 3, 42  # finds a pair with a Jaccard similarity of 0.5 in 996 of 1,000 cases
_CANDIDATES = 10
_ALIKE = 0.5
_CONTAINED = 0.8


def _runs(text: str) -> set[str]:
    words = _WORD.findall(text.casefold())
    if len(words) < _WORDS_AT_LEAST:
        return set()
    return {" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}


def bands(text: str) -> list[int]:
    """Return 42 numbers, of which texts that are alike have some in common; none if it is short."""
    runs = _runs(text)
    if not runs:
        return []
    from datasketch import MinHash

    # The permutations make up for what CRC-32 lacks; SHA-1, the default, took ten times as long.
    sketch = MinHash(num_perm=_ROWS * _BANDS, seed=1, hashfunc=zlib.crc32)
    sketch.update_batch([run.encode("utf-8", "surrogatepass") for run in runs])
    values = sketch.hashvalues.astype("<u8").reshape(_BANDS, _ROWS)
    found = []
    for number, row in enumerate(values):
        hashed = hashlib.blake2b(bytes([number]) + row.tobytes(), digest_size=8).digest()
        found.append(int.from_bytes(hashed, "little", signed=True))
    return found


def resemblance(one: str, other: str) -> float:
    """Return how much two texts are copies of each other, 0 to 1.

    It is the Jaccard similarity of their runs of five words, or if more, the share of the shorter
    one's that the longer one has: a copy is often cut. Texts of under 30 words have none.
    """
    a, b = _runs(one), _runs(other)
    if not a or not b:
        return 0.0
    common = len(a & b)
    alike, contained = common / len(a | b), common / min(len(a), len(b))
    return contained if contained >= _CONTAINED else alike


class Copies:
    """Which articles of a catalog are copies of each other."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, article: int, text: str, bands: Sequence[int]) -> None:
        """Link a new article, by its number, to those it is a copy of; needs a transaction."""
        candidates = self._db.rows(
            "SELECT b.article, a.text FROM"
            f" (SELECT article, count(*) AS common FROM bands WHERE band IN ({_marks(bands)})"
            "  GROUP BY article ORDER BY common DESC, article LIMIT ?) AS b"
            " JOIN articles a ON a.number = b.article",
            *bands,
            _CANDIDATES,
        )
        self._db.run_each(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, article) for band in bands]
        )
        for other, its_text in candidates:
            similarity = resemblance(text, its_text)
            if similarity >= _ALIKE:
                self._db.run("INSERT INTO copies VALUES (?, ?, ?)", article, other, similarity)

    def groups(self) -> list[list[tuple[str, float]]]:
        """Return the stories that stand in several articles.

        Each is a list of article ids, in the order in which they were first read, each with its
        greatest similarity to another one of them.
        """
        pairs = self._db.rows(
            "SELECT a.id, b.id, c.similarity FROM copies c JOIN articles a ON a.number = c.article"
            " JOIN articles b ON b.number = c.other ORDER BY b.number, a.number"
        )
        return _stories(pairs)

    def story(self, ids: Sequence[str]) -> dict[str, str]:
        """Return for each article the one id that it has in common with its copies.

        What counts sources counts these: an agency's text in ten papers is one source.
        """
        pairs = self._db.rows(
            "WITH RECURSIVE near (number) AS ("
            " SELECT number FROM articles WHERE id IN (SELECT value FROM json_each(?))"
            " UNION SELECT c.other FROM near JOIN copies c ON c.article = near.number"
            " UNION SELECT c.article FROM near JOIN copies c ON c.other = near.number)"
            " SELECT a.id, b.id, c.similarity FROM near JOIN copies c ON c.article = near.number"
            " JOIN articles a ON a.number = c.article JOIN articles b ON b.number = c.other"
            " ORDER BY b.number, a.number",
            json.dumps(list(ids)),
        )
        first = {id: group[0][0] for group in _stories(pairs) for id, _ in group}
        return {id: first.get(id, id) for id in ids}


def _stories(pairs: Iterable[tuple[str, str, float]]) -> list[list[tuple[str, float]]]:
    """Return the articles that are linked, each with its greatest similarity to another one."""
    leader: dict[str, str] = {}
    best: dict[str, float] = {}

    def find(id: str) -> str:
        while leader.setdefault(id, id) != id:
            leader[id] = id = leader[leader[id]]
        return id

    for later, earlier, similarity in pairs:
        first, second = find(earlier), find(later)
        leader[second] = first
        for id in (earlier, later):
            best[id] = max(best.get(id, 0.0), similarity)
    found: dict[str, list[tuple[str, float]]] = {}
    for id, similarity in best.items():
        found.setdefault(find(id), []).append((id, similarity))
    return sorted(found.values(), key=lambda group: (-len(group), group[0][0]))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
