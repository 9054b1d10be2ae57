"""Small evaluation sets, written to a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.article import Article, Hit, Passage
from kb.evaluate.dataset import Gold, Question

__all__ = ["hit", "question", "write_set"]

CORPUS: Sequence[dict[str, Any]] = (
    {"id": "otters", "title": "Otters", "text": "Otters swim in the river near Ostrava."},
    {"id": 7, "title": "", "text": "Bridges carry trains across the valley."},
    {"id": "é | 1", "text": "Cheese is made from milk in the mountains."},
)
QUERIES: Sequence[dict[str, Any]] = (
    {"id": 1, "question": "Where do otters swim?", "type": "place"},
    {"id": "b", "question": "What carries trains across the valley?", "type": "thing"},
    {"id": "c", "question": "Who wrote the sonnets?", "answerable": False},
    {"id": "d", "question": "What is cheese made from?", "type": "thing"},
)
QRELS: Sequence[dict[str, Any]] = (
    {"query_id": "1", "article_id": "otters", "relevance": 2},
    {"query_id": 1, "article_id": 7, "relevance": 0, "evidence_text": "", "start": None},
    {"query_id": "b", "article_id": "7"},
    {"query_id": "d", "article_id": " é  | 1", "relevance": "1", "evidence_text": None},
)


def write_set(
    folder: Path,
    corpus: Sequence[dict[str, Any]] = CORPUS,
    queries: Sequence[dict[str, Any]] = QUERIES,
    qrels: Sequence[dict[str, Any]] = QRELS,
) -> Path:
    """Write the three files of a set, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (("corpus", corpus), ("queries", queries), ("qrels", qrels)):
        text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return folder


def hit(article: str, text: str, start: int = 0, before: str = "") -> Hit:
    """Return a passage that begins after so many characters of its article."""
    whole = f"{before:·<{start}}{text}"
    passage = Passage(f"{article}-{start}", article, start, start + len(text), text)
    return Hit(passage, Article(article, f"{article}.md", article, whole), 1.0, 0.5)


def question(*gold: Gold) -> Question:
    """Return a question with this gold."""
    return Question("q", "Who?", (), "", True, gold)
