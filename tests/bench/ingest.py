"""The rate of a sync against the bare embedder on the same passages, in one run.

The two take turns, article group by article group, so that a machine whose speed drifts favours
neither.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from index.article import Article
from index.chunk import chunk, indexed_text
from index.embedders import open_embedder
from index.home import Home
from index.readers import READERS
from tests.index.syncing import sync

__all__ = ["ingest_rate"]

_GROUPS = 6


def _groups(corpus: Path, folder: Path) -> Iterator[Path]:
    lines = corpus.read_bytes().splitlines(keepends=True)
    for i in range(_GROUPS):
        group = folder / f"group{i}.jsonl"
        group.write_bytes(b"".join(lines[i::_GROUPS]))
        yield group


def ingest_rate(corpus: Path, home: Path) -> Mapping[str, float]:
    """Return passages a second, bare and end to end, and the ratio of the two."""
    embedder = open_embedder()
    embedder.embed_query("warm")
    bare = whole = 0.0
    passages = 0
    with TemporaryDirectory() as folder, Home(home, embedder) as opened:
        for group in _groups(corpus, Path(folder)):
            with group.open("rb") as file:
                found = list(READERS[".jsonl"](file, id="", uri="corpus"))
            articles = [one for one in found if isinstance(one, Article)]
            texts = [
                indexed_text(article, passage)
                for article in articles
                for passage in chunk(article, embedder.count_tokens)
            ]
            passages += len(texts)
            begun = time.perf_counter()
            embedder.embed_documents(texts)
            bare += time.perf_counter() - begun
            begun = time.perf_counter()
            sync(opened, [group])
            whole += time.perf_counter() - begun
    return {
        "passages": passages,
        "bare_per_s": round(passages / bare, 1),
        "sync_per_s": round(passages / whole, 1),
        "sync_to_bare": round(bare / whole, 3),
    }
