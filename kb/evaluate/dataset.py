"""Questions with what is known of their answers, in the layouts that are in use here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import SourceError

__all__ = ["Gold", "Question", "load_evaluation_set", "load_questions"]


@dataclass(frozen=True, slots=True)
class Gold:
    """A piece of evidence: the text, and the id or the end of the uri of its article."""

    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a data set; one that is not answerable has no answers and no gold."""

    id: str
    question: str
    answers: tuple[str, ...]
    type: str
    answerable: bool
    gold: tuple[Gold, ...]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        for line in path.read_text("utf-8").split("\n"):
            if line.strip():
                yield json.loads(line)
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read the questions in {str(path)!r}: {error}") from error


def load_evaluation_set(folder: Path) -> list[Question]:
    """Return the questions of a folder with ``queries.jsonl`` and ``qrels.jsonl``.

    Raises:
        SourceError: A file is missing, or is not JSON Lines.
    """
    gold: dict[str, list[Gold]] = {}
    for row in _lines(folder / "qrels.jsonl"):
        one = Gold(row["article_id"], row["evidence_text"])
        gold.setdefault(row["query_id"], []).append(one)
    return [
        _question(row, tuple(gold.get(row["id"], ()))) for row in _lines(folder / "queries.jsonl")
    ]


def load_questions(file: Path) -> list[Question]:
    """Return the questions of a file like ``data/questions.jsonl``; raises ``SourceError``."""
    questions = []
    for row in _lines(file):
        places = [row, *row.get("also", ())] if row["answerable"] else []
        gold = tuple(Gold(place["article"], place["quote"]) for place in places)
        questions.append(_question(row, gold))
    return questions


def _question(row: dict[str, Any], gold: tuple[Gold, ...]) -> Question:
    return Question(
        row["id"], row["question"], tuple(row["answers"]), row["type"], row["answerable"], gold
    )
