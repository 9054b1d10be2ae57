"""A whole evaluation with the hashing embedder: its figures, and the home that is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from index.sync import Progress
from kb import open_knowledge_base
from kb.errors import HomeError, HomeLocked, SettingsError, SourceError
from kb.evaluate import Evaluation, compare, evaluate_retrieval
from tests.kb.evaluate.sets import CORPUS, QRELS, QUERIES, write_set

Evaluate = Callable[..., Evaluation]


@pytest.fixture
def evaluate(tmp_path: Path) -> Evaluate:
    """``evaluate_retrieval`` with a cache of its own and no model."""

    def run(folder: Path, **options: Any) -> Evaluation:
        given = {"embedder": "hashing", "cache": tmp_path / "cache", **options}
        return evaluate_retrieval(folder, **given)

    return run


def homes(tmp_path: Path) -> list[Path]:
    """Return the folders in the cache."""
    return [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]


def test_whole_articles_are_found_and_graded(tmp_path: Path, evaluate: Evaluate) -> None:
    found = evaluate(write_set(tmp_path / "animals"))
    assert (found.set, found.unanswerable, found.notes) == ("animals", 1, ())
    assert [(one.id, one.type) for one in found.questions] == [
        ("1", "place"),
        ("b", "thing"),
        ("d", "thing"),
    ]
    quality = {name: one.value for name, one in found.metrics().items() if "_ms" not in name}
    assert quality == dict.fromkeys(
        ("hits@4", "hits@5", "hits@10", "mrr@10", "ndcg@10", "recall@10", "recall@20"), 1.0
    )
    assert all(one.values["search_ms"] > 0 for one in found.questions)
    assert {name: count for name, (count, _) in found.by_type().items()} == {"place": 1, "thing": 2}
    machine = found.settings["machine"]
    assert machine["platform"]
    assert machine["cores"] >= 1
    known = {name: found.settings[name] for name in ("embedder", "ranking", "articles", "passages")}
    assert known == {
        "embedder": "hashing:words@1",
        "ranking": "all",
        "articles": 3,
        "passages": 3,
    }


def test_evidence_and_paragraphs_are_found_without_grades(
    tmp_path: Path, evaluate: Evaluate
) -> None:
    evidence = {"query_id": "1", "article_id": "otters", "evidence_text": "the river near"}
    lost = {**evidence, "evidence_text": "a river that nobody wrote of"}
    paragraph = {"query_id": "b", "article_id": "7", "start": 0, "end": 39}
    answers = {**paragraph, "answer_spans": ["Bridges"]}
    found = evaluate(write_set(tmp_path / "set", qrels=[evidence, lost, answers]))
    assert "ndcg@10" not in found.metrics()
    assert found.metrics()["hits@10"].value == 1.0
    assert [one.values["recall@10"] for one in found.questions] == [0.5, 1.0]
    assert found.settings["limit"] == 20


def test_the_home_is_built_once_and_found_by_its_contents(
    tmp_path: Path, evaluate: Evaluate
) -> None:
    steps: list[Progress] = []
    asked: list[tuple[int, int]] = []
    tell: dict[str, Any] = {
        "building": steps.append,
        "asking": lambda done, of: asked.append((done, of)),
    }
    first = evaluate(write_set(tmp_path / "set"), **tell)
    assert steps[0].share == 0
    assert steps[-1].articles == 3
    assert asked == [(1, 3), (2, 3), (3, 3)]
    (home,) = homes(tmp_path)
    catalog = (home / "catalog.sqlite").stat().st_ino
    steps.clear()
    copied = evaluate(write_set(tmp_path / "elsewhere"), **tell)
    assert steps == []
    assert homes(tmp_path) == [home]
    assert (home / "catalog.sqlite").stat().st_ino == catalog
    assert copied.digest == first.digest
    other = [*CORPUS, {"id": "more", "text": "Frogs jump."}]
    evaluate(write_set(tmp_path / "set", other), **tell)
    assert steps
    assert len(homes(tmp_path)) == 2


def test_what_a_kill_left_is_gone_on_with_and_never_taken_for_whole(
    tmp_path: Path, evaluate: Evaluate
) -> None:
    many = [{"id": n, "text": f"Article {n} tells of otter number {n}."} for n in range(200)]
    qrels = [{"query_id": "1", "article_id": n} for n in (3, 150)]
    folder = write_set(tmp_path / "set", many, qrels=qrels)

    def kill(step: Progress) -> None:
        if step.articles:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(folder, building=kill)
    (part,) = homes(tmp_path)
    assert part.suffix == ".part"
    found = evaluate(folder)
    assert found.settings["articles"] == 200
    (home,) = homes(tmp_path)
    assert home.suffix == ""


def test_two_cannot_build_or_use_a_home_at_once(tmp_path: Path, evaluate: Evaluate) -> None:
    folder = write_set(tmp_path / "set")
    evaluate(folder)
    (home,) = homes(tmp_path)
    with (
        open_knowledge_base(home, model="quotes", embedder="hashing"),
        pytest.raises(HomeLocked, match="is in use by process"),
    ):
        evaluate(folder)
    home.rename(home.with_suffix(".part"))
    with (
        FileLock(home.with_name(f"{home.name}.lock")),
        pytest.raises(HomeLocked, match="another process is building"),
    ):
        evaluate(folder)


def test_drawn_questions_are_the_same_for_the_same_seed(tmp_path: Path, evaluate: Evaluate) -> None:
    queries = [{"id": n, "question": "Where do otters swim?"} for n in range(30)]
    qrels = [{"query_id": n, "article_id": "otters"} for n in range(30)]
    folder = write_set(tmp_path / "set", queries=queries, qrels=qrels)

    def drawn(count: int, seed: int) -> list[str]:
        found = evaluate(folder, limit_questions=count, seed=seed)
        return [one.id for one in found.questions]

    assert drawn(5, 1) == drawn(5, 1)
    assert drawn(5, 1) != drawn(5, 2)
    assert drawn(5, 1) == sorted(drawn(5, 1), key=int)
    assert len(drawn(99, 1)) == 30


def test_settings_reach_the_search_and_are_written_down(
    tmp_path: Path, evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [*QUERIES, {"id": "w", "question": "swimming mammals"}]
    folder = write_set(
        tmp_path / "set", queries=queries, qrels=[*QRELS, {"query_id": "w", "article_id": "7"}]
    )
    by_words = evaluate(folder, ranking="words")
    monkeypatch.setenv("KB_RANKING", "vectors")
    by_vectors = evaluate(folder)
    assert [one.settings["ranking"] for one in (by_words, by_vectors)] == ["words", "vectors"]
    changed = compare(by_words, by_vectors)
    assert changed.metrics["recall@10"].difference.value == pytest.approx(0.25)
    with pytest.raises(SettingsError, match="'rankin'"):
        evaluate(folder, rankin="words")


def test_what_a_set_lacks_is_noted(tmp_path: Path, evaluate: Evaluate) -> None:
    queries = [
        *QUERIES,
        {"id": "e", "question": "Why?", "answerable": True},
        {"id": "f", "question": "otters " * 700},
    ]
    qrels = [
        *QRELS,
        {"query_id": "f", "article_id": "otters"},
        {"query_id": "b", "article_id": "gone"},
        {"query_id": "of another part", "article_id": "otters"},
    ]
    found = evaluate(write_set(tmp_path / "set", queries=queries, qrels=qrels))
    assert [note.split(":")[0] for note in found.notes] == [
        "answerable questions that have no judgement, and were left out",
        "judged articles that are not in the corpus, and count as not found",
        "questions that a search refuses, and count as not found",
    ]
    values = {one.id: one.values for one in found.questions}
    assert values["f"]["hits@10"] == 0
    assert values["b"]["recall@10"] == 0.5


@pytest.mark.parametrize("qrels", [[], [{"query_id": "x", "article_id": "otters"}]])
def test_a_set_without_a_question_to_measure_is_refused_before_it_is_built(
    tmp_path: Path, evaluate: Evaluate, qrels: list[dict[str, Any]]
) -> None:
    folder = write_set(tmp_path / "set", qrels=qrels)
    with pytest.raises(SourceError, match=r"no question of .* has a judgement"):
        evaluate(folder)
    assert not (tmp_path / "cache").exists()


def test_a_corpus_without_articles_is_refused_and_leaves_nothing(
    tmp_path: Path, evaluate: Evaluate
) -> None:
    folder = write_set(tmp_path / "set", corpus=[{"id": "a", "text": ""}])
    with pytest.raises(SourceError, match=r"no article in .*corpus\.jsonl.*has no text"):
        evaluate(folder)
    assert homes(tmp_path) == []
    (folder / "corpus.jsonl").unlink()
    with pytest.raises(SourceError, match=r"cannot read .*corpus\.jsonl"):
        evaluate(folder)


def test_lines_of_the_corpus_that_cannot_be_read_are_logged(
    tmp_path: Path, evaluate: Evaluate, caplog: pytest.LogCaptureFixture
) -> None:
    evaluate(write_set(tmp_path / "set", corpus=[*CORPUS, {"id": "a", "text": ""}]))
    assert "1 problems, the first" in caplog.text
    assert "has no text" in caplog.text


def test_a_cache_that_cannot_be_made_is_one_line(tmp_path: Path, evaluate: Evaluate) -> None:
    (tmp_path / "cache").symlink_to(tmp_path / "a disk that is not mounted")
    with pytest.raises(HomeError, match="cannot build a home in"):
        evaluate(write_set(tmp_path / "set"))
