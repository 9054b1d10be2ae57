"""Sets that others wrote: read where they can be, refused by file and line where not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.errors import SourceError
from kb.evaluate.dataset import Gold, load_evaluation_set, load_questions
from tests.conftest import SAMPLE
from tests.kb.evaluate.sets import write_set

Q: list[dict[str, Any]] = [{"id": "q", "question": "Who?"}]


def load(folder: Path, qrels: list[dict[str, Any]], queries: list[dict[str, Any]] = Q) -> Any:
    """Return the questions of a set with these lines."""
    return load_evaluation_set(write_set(folder, (), queries, qrels))


def test_only_ids_and_the_question_have_to_be_there(tmp_path: Path) -> None:
    (one,) = load(tmp_path, [{"query_id": "q", "article_id": "a"}])
    assert (one.id, one.answers, one.type, one.answerable) == ("q", (), "", True)
    assert one.gold == (Gold("a"),)
    assert one.gold[0].whole_article


def test_what_is_answerable_is_seen_from_the_judgements(tmp_path: Path) -> None:
    none = {"query_id": "q", "article_id": "a", "relevance": 0}
    assert not load(tmp_path, [none])[0].answerable
    assert load(tmp_path, [{**none, "relevance": -1}])[0].gold == ()
    said = [{**Q[0], "answerable": False}]
    assert not load(tmp_path, [{**none, "relevance": 1}], said)[0].answerable


def test_the_kind_of_a_judgement_is_seen_from_its_fields(tmp_path: Path) -> None:
    row = {"query_id": "q", "article_id": "a", "evidence_text": "It was 1973.\r\n"}
    where = {"start": 0, "end": 12.0, "answer_spans": ["1973"]}
    evidence, paragraph, article, placeless = load(
        tmp_path,
        [row, {**row, **where}, {**row, "evidence_text": ""}, {**row, "answer_spans": ["1973"]}],
    )[0].gold
    assert (evidence.text, evidence.paragraph) == ("It was 1973.", None)
    assert (paragraph.paragraph, paragraph.answers) == ((0, 12), ("1973",))
    assert article.whole_article
    assert placeless.paragraph is None
    assert not placeless.whole_article


def test_an_article_judged_twice_counts_once_with_its_best_grade(tmp_path: Path) -> None:
    rows = [{"query_id": "q", "article_id": id, "relevance": n} for id, n in (("a", 1), ("b", 1))]
    gold = load(tmp_path, [*rows, {**rows[0], "relevance": 3}, rows[0]])[0].gold
    assert gold == (Gold("a", relevance=3.0), Gold("b"))


def test_answers_may_be_one_or_a_list(tmp_path: Path) -> None:
    queries = [
        {"id": 1, "question": "?", "answers": "yes"},
        {"id": 2, "question": "?", "answers": ["yes", 3, None, ""]},
        {"id": 3, "question": "?", "answer": "no", "answers": []},
    ]
    assert [one.answers for one in load(tmp_path, [], queries)] == [("yes",), ("yes", "3"), ("no",)]


@pytest.mark.parametrize(
    ("queries", "qrels", "told"),
    [
        (Q, [{"query_id": "q"}], "qrels.jsonl:1 has no article_id"),
        (Q, [{"article_id": "a"}], "qrels.jsonl:1 has no query_id"),
        (Q, [{"query_id": "q", "article_id": ["a"]}], "the article_id at qrels.jsonl:1"),
        (Q, [{"query_id": "q", "article_id": "a", "relevance": "high"}], "not a number: 'high'"),
        (Q, [{"query_id": "q", "article_id": "a", "start": float("nan")}], "start at qrels.jsonl"),
        ([*Q, *Q], [], "queries.jsonl:2 repeats the id 'q'"),
        ([{"id": "q"}], [], "queries.jsonl:1 has no question"),
        ([{**Q[0], "answerable": "yes"}], [], "answerable at queries.jsonl:1 is neither"),
        ([{**Q[0], "answers": [{}]}], [], "answers at queries.jsonl:1 are not texts"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    tmp_path: Path, queries: list[dict[str, Any]], qrels: list[dict[str, Any]], told: str
) -> None:
    with pytest.raises(SourceError) as error:
        load(tmp_path, qrels, queries)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("bytes_there", "told"),
    [(b"\n{", "qrels.jsonl:2 is not JSON"), (b"[1]", "qrels.jsonl:1 is not a JSON object")],
)
def test_a_line_that_is_no_object_is_named(tmp_path: Path, bytes_there: bytes, told: str) -> None:
    folder = write_set(tmp_path)
    (folder / "qrels.jsonl").write_bytes(bytes_there)
    with pytest.raises(SourceError, match=told):
        load_evaluation_set(folder)


def test_a_missing_file_is_told_with_what_a_set_is(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"qrels\.jsonl.*an evaluation set is a folder with"):
        load_evaluation_set(tmp_path)


def test_the_samples_questions_have_their_quotes() -> None:
    questions = load_questions(SAMPLE.parent / "questions.jsonl")
    assert all(gold.text for one in questions for gold in one.gold)
    assert all(bool(one.gold) == one.answerable for one in questions)
    assert {one.answerable for one in questions} == {True, False}
