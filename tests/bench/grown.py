"""Homes of any size for the scale benchmark: recombined sentences, vectors as the model's lie."""

from __future__ import annotations

import datetime as dt
import json
import random
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.article import Article
from index.chunk import chunk, indexed_text
from index.embedders import open_embedder
from index.protocols import Vectors
from index.readers import open_reader
from index.sentences import sentence_spans

__all__ = ["Mixing", "article_files", "questions", "read_articles", "real_vectors"]

SOURCES = 40
DAYS = 1_000
FIRST_DAY = dt.date(2022, 1, 1)
_BASE = 2_000
_SENTENCES = 66  # of an article; about ten passages


class Mixing:
    """The real model for questions; for a passage, a mixture of its vectors of real passages.

    What is measured is then everything but the model, with vectors that lie as the model's do.
    """

    def __init__(self, base: Vectors) -> None:
        self._model = open_embedder()
        self._base = base
        self.name = "mixing:minilm@1"
        self.dimensions = self._model.dimensions
        self.count_tokens = self._model.count_tokens
        self.embed_query = self._model.embed_query
        self.embed_queries = self._model.embed_queries

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector a text, which depends on nothing but the text."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            chance = np.random.default_rng(zlib.crc32(text.encode()))
            one, other = self._base[chance.integers(0, len(self._base), 2)]
            row[:] = 0.8 * one + 0.5 * other
            row += chance.normal(0, 0.35 / np.sqrt(self.dimensions), self.dimensions)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def read_articles(place: Path) -> list[Article]:
    """Return the articles of an evaluation set, or of a folder of Markdown files."""
    corpus = place / "corpus.jsonl"
    files = [corpus] if corpus.exists() else sorted(place.rglob("*.md"))
    found = []
    for path in files:
        with path.open("rb") as file:
            found += list(open_reader(path.suffix)(file, id=path.name, uri=path.name))
    return [one for one in found if isinstance(one, Article)]


def real_vectors(articles: Sequence[Article]) -> Vectors:
    """Return the model's vectors of up to 2,000 passages."""
    embedder = open_embedder()
    texts = [
        indexed_text(article, passage)
        for article in articles
        for passage in chunk(article, embedder.count_tokens)
    ]
    chosen = random.Random(5).sample(texts, min(_BASE, len(texts)))
    return embedder.embed_documents(chosen)


def article_files(articles: Sequence[Article], folder: Path, count: int) -> None:
    """Write articles of recombined sentences, 100 to a folder, with sources and dates."""
    chance = random.Random(7)
    sentences = [
        article.text[start:end]
        for article in articles
        for start, end in sentence_spans(article.text)
        if end - start > 20 and "\n" not in article.text[start:end]
    ]
    for number in range(count):
        drawn = chance.choices(sentences, k=_SENTENCES)
        day = FIRST_DAY + dt.timedelta(chance.randrange(DAYS))
        title = json.dumps(f"{chance.choice(articles).title} ({number})")
        head = f"title: {title}\nsource: Source {number % SOURCES}\ndate: {day}"
        body = "\n\n".join(" ".join(drawn[i : i + 6]) for i in range(0, _SENTENCES, 6))
        path = folder / f"{number // 100:03}" / f"{number:06}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{head}\n---\n\n{body}\n", "utf-8")


def questions(place: Path, count: int) -> Iterator[str]:
    """Yield questions of an evaluation set, or of the sample's file, drawn evenly."""
    name = "queries.jsonl" if (place / "queries.jsonl").exists() else "../questions.jsonl"
    lines = (place / name).read_text("utf-8").splitlines()
    step = max(1, len(lines) // count)
    yield from (json.loads(line)["question"] for line in lines[::step][:count])
