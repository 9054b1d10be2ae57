"""The promises of the sample data: articles, questions and follow-ups fit together."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).resolve().parents[2] / "data"
ARTICLES = DATA / "articles"
UKRAINE = "ukraine-august-2024"
NOTE = "Written for Footnoted's sample corpus; an original text about documented events."
TYPES = {
    "person",
    "date",
    "number",
    "place",
    "yesno",
    "reason",
    "thing",
    "attribution",
    "conflict",
    "unanswerable",
}

FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
NAME = re.compile(r"\A(\d{4}-\d{2}-\d{2})-[a-z0-9]+(?:-[a-z0-9]+)*\.md\Z")


def split(path: Path) -> tuple[dict[str, Any], str]:
    """The front matter of an article, and the text after it."""
    found = FRONT.match(path.read_text(encoding="utf-8"))
    assert found, f"{path}: no front matter"
    meta = yaml.safe_load(found.group(1))
    assert isinstance(meta, dict), path
    return meta, found.group(2)


def load(name: str) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file of the sample."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert all(isinstance(row, dict) for row in rows)
    return rows


PATHS = sorted(ARTICLES.rglob("*.md"))
BODIES = {path.relative_to(ARTICLES).as_posix(): split(path)[1] for path in PATHS}
QUESTIONS = load("questions.jsonl")
FOLLOWUPS = load("followups.jsonl")
ANSWERABLE = [row for row in QUESTIONS if row["answerable"]]
UNANSWERABLE = [row for row in QUESTIONS if not row["answerable"]]


def check_quote(row: dict[str, Any]) -> None:
    """The row's quote is a non-empty slice of its article's body."""
    article, quote = row["article"], row["quote"]
    assert article in BODIES
    assert isinstance(quote, str)
    assert quote == quote.strip()
    assert quote
    assert quote in BODIES[article]


def check_answers(row: dict[str, Any]) -> None:
    """The row has at least one accepted form, and none is blank."""
    assert isinstance(row["answers"], list)
    assert row["answers"]
    assert all(isinstance(answer, str) and answer.strip() for answer in row["answers"])


def test_enough_articles_in_six_clusters() -> None:
    assert len(PATHS) >= 30
    clusters = [path.parent.name for path in PATHS]
    assert len(set(clusters)) == 6
    assert min(clusters.count(cluster) for cluster in clusters) >= 5
    assert all(path.parent.parent == ARTICLES for path in PATHS)


def test_ukraine_articles_fall_on_different_days_of_august_2024() -> None:
    days = [path.name[:10] for path in PATHS if path.parent.name == UKRAINE]
    assert len(set(days)) >= 7
    assert all(day.startswith("2024-08-") for day in days)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(ARTICLES)))
def test_front_matter_is_complete_and_valid(path: Path) -> None:
    meta, body = split(path)
    assert set(meta) == {"title", "source", "author", "published_at", "note"}
    for key in ("title", "source", "author"):
        assert isinstance(meta[key], str)
        assert meta[key].strip()
    assert meta["source"].startswith("Sample ")
    assert meta["note"] == NOTE
    published = meta["published_at"]
    day = dt.date.fromisoformat(published) if isinstance(published, str) else published
    assert type(day) is dt.date
    named = NAME.match(path.name)
    assert named
    assert named.group(1) == day.isoformat()
    assert 250 <= len(body.split()) <= 550


def test_sources_vary_within_each_cluster() -> None:
    sources: dict[str, set[str]] = {}
    for path in PATHS:
        sources.setdefault(path.parent.name, set()).add(split(path)[0]["source"])
    assert all(len(names) >= 3 for names in sources.values())


def test_enough_questions_with_unique_ids() -> None:
    assert len(QUESTIONS) >= 60
    assert len(UNANSWERABLE) >= 15
    for rows, letter in ((QUESTIONS, "q"), (FOLLOWUPS, "f")):
        assert [row["id"] for row in rows] == [
            f"{letter}{number:03d}" for number in range(1, len(rows) + 1)
        ]
    assert len({row["question"] for row in QUESTIONS}) == len(QUESTIONS)
    assert {row["type"] for row in QUESTIONS} == TYPES


@pytest.mark.parametrize("row", ANSWERABLE, ids=lambda row: str(row["id"]))
def test_answerable_question_is_carried_by_its_quote(row: dict[str, Any]) -> None:
    check_quote(row)
    check_answers(row)
    assert row["question"].strip()
    assert row["answer"] == row["answers"][0]
    assert row["type"] in TYPES - {"unanswerable"}
    assert row["article"].split("/")[0] == row["cluster"]
    also = row.get("also", [])
    assert bool(also) == (row["type"] == "conflict")
    for other in also:
        check_quote(other)
        assert (other["article"], other["quote"]) != (row["article"], row["quote"])


@pytest.mark.parametrize("row", UNANSWERABLE, ids=lambda row: str(row["id"]))
def test_unanswerable_question_has_no_answer(row: dict[str, Any]) -> None:
    assert row["question"].strip()
    assert row["type"] == "unanswerable"
    assert row["answerable"] is False
    assert row["answer"] == ""
    assert row["answers"] == []
    assert row["article"] is None
    assert row["quote"] is None
    assert row["cluster"] in {path.parent.name for path in PATHS} | {"none"}


def test_enough_followups() -> None:
    assert len(FOLLOWUPS) >= 10


@pytest.mark.parametrize("row", FOLLOWUPS, ids=lambda row: str(row["id"]))
def test_followup_is_well_formed(row: dict[str, Any]) -> None:
    assert set(row) == {"id", "first", "followup", "standalone", "answers", "article", "quote"}
    for key in ("first", "followup", "standalone"):
        assert isinstance(row[key], str)
        assert row[key].strip()
    check_quote(row)
    check_answers(row)
