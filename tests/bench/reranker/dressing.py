"""Encyclopedia articles dressed as news: short pieces, each with a title, a source and a date."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Piece", "dressed", "piece_of", "write_corpus"]

_FIRST = (
    "Northern Daily Evening City Coastal Global Modern Morning National Open Silver Sunday".split()
)
_LAST = (
    "Courier Gazette Herald Journal Ledger Monitor Observer Post Review Tribune Wire World".split()
)
_DAY = dt.date(2023, 9, 1)
_DAYS = 480
_TITLE_WORDS = 11


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of paragraphs of an article: ``start`` and ``end`` count in the article's text."""

    id: str
    article_id: str
    start: int
    end: int
    title: str
    text: str
    source: str
    published_at: str


def _sources(rng: random.Random) -> list[str]:
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    chosen = rng.sample(names, 40)
    return [f"The {name}" if rng.random() < 0.4 else name for name in chosen]


def _title(rng: random.Random, article_title: str, text: str) -> str:
    words = text.split(".")[0].split()
    if rng.random() < 0.4 or len(words) < 4:
        return article_title
    return " ".join(words[: rng.randint(5, _TITLE_WORDS)]).rstrip(",;:")


def dressed(corpus: Path, rng: random.Random) -> Iterator[Piece]:
    """Yield the pieces of a ``corpus.jsonl``, one to four paragraphs each, in order."""
    sources = _sources(rng)
    for line in corpus.read_text("utf-8").splitlines():
        row = json.loads(line)
        paragraphs = row["text"].split("\n\n")
        start = at = 0
        while at < len(paragraphs):
            some = paragraphs[at : at + rng.randint(1, 4)]
            text = "\n\n".join(some)
            yield Piece(
                id=f"{row['id']}~{start}",
                article_id=row["id"],
                start=start,
                end=start + len(text),
                title=_title(rng, row["title"], text),
                text=text,
                source=rng.choice(sources),
                published_at=(_DAY + dt.timedelta(rng.randrange(_DAYS))).isoformat(),
            )
            start += len(text) + 2
            at += len(some)


def piece_of(pieces: Sequence[Piece], article_id: str, start: int) -> Piece | None:
    """Return the piece in which this character of an article stands."""
    for piece in pieces:
        if piece.article_id == article_id and piece.start <= start < piece.end:
            return piece
    return None


def write_corpus(pieces: Sequence[Piece], path: Path) -> None:
    """Write the pieces as articles that a knowledge base can sync."""
    with path.open("w", encoding="utf-8") as file:
        for piece in pieces:
            row = {
                "id": piece.id,
                "title": piece.title,
                "text": piece.text,
                "source": piece.source,
                "published_at": piece.published_at,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
