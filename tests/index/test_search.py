"""Passages are found by words and meaning; no question is an error of the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Hit
from index.errors import QuestionError
from index.fuse import fuse
from index.home import Home
from index.lexical import match_expression, query_words
from index.mentions import named_sources
from index.search import QUESTION_AT_MOST, Search
from tests.index.syncing import sync


@pytest.fixture
def search(home: Home, folder: Path) -> Search:
    sync(home, [folder])
    return Search(home)


def test_the_passage_that_answers_comes_first(search: Search) -> None:
    hits = search.search("How much will the repair of the bridge cost?", 3)
    assert hits[0].article.title == "The bridge at Ostrava"
    assert "3.2 million" in hits[0].passage.text


def test_hits_are_in_the_order_of_their_scores_and_each_once(search: Search) -> None:
    hits = search.search("otters bridge river Ostrava", 10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == len(hits)
    assert all(-1 <= hit.similarity <= 1.0001 for hit in hits)
    for hit in hits:
        assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_the_title_source_and_date_are_searched_too(search: Search) -> None:
    for question in ("Sample Post", "5 March 2024", "Eva Malá", "eva mala"):
        assert search.search(question, 1)[0].article.title == "The bridge at Ostrava"


def test_a_named_source_comes_first(home: Home, tmp_path: Path) -> None:
    for source in ("Alpha Post", "Beta Post", "Gamma Post"):
        text = f"---\ntitle: Storm\nsource: {source}\n---\nA storm hit the northern coast."
        (tmp_path / f"{source}.md").write_text(text, "utf-8")
    sync(home, [tmp_path / f"{source} Post.md" for source in ("Alpha", "Beta", "Gamma")])
    found = Search(home)
    for source in ("Gamma Post", "Beta Post", "Alpha Post"):
        question = f"What does the {source} say about the storm?"
        assert found.search(question, 1)[0].article.source == source


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=200))
def test_any_question_gives_hits_or_one_clear_line(search: Search, question: str) -> None:
    if any(char.isalnum() for char in question):
        assert len(search.search(question, 3)) <= 3
    else:
        with pytest.raises(QuestionError, match="empty"):
            search.search(question, 3)


@pytest.mark.parametrize(
    "question",
    ['NEAR("a" b)', "col:otters", "otters*", '"', "a OR b AND NOT (c", "the of and", "^otters -x"],
)
def test_operators_of_the_query_language_are_plain_words(search: Search, question: str) -> None:
    if any(char.isalnum() for char in question):
        search.search(question, 3)
    else:
        with pytest.raises(QuestionError, match="empty"):
            search.search(question, 3)


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "empty"), (" \n\t", "empty"), ("?!", "empty"), ("x" * 100_000, "100,000 characters")],
)
def test_a_question_without_words_or_without_end_is_refused(
    search: Search, question: str, said: str
) -> None:
    with pytest.raises(QuestionError, match=said):
        search.search(question)


def test_the_longest_question_is_answered(search: Search) -> None:
    assert search.search(("otter " * QUESTION_AT_MOST)[:QUESTION_AT_MOST], 3)


def test_an_empty_home_has_no_hits(home: Home) -> None:
    assert Search(home).search("anything", 5) == []


def test_a_reranker_has_the_last_word(home: Home, folder: Path) -> None:
    class Reversed:
        def rerank(self, question: str, hits: list[Hit]) -> list[Hit]:
            return hits[::-1]

    sync(home, [folder])
    plain = Search(home).search("otters Ostrava", 10)
    second = Search(home, Reversed())  # type: ignore[arg-type]
    assert second.search("otters Ostrava", 10) == plain[::-1]


@given(
    st.dictionaries(st.text("ab", max_size=3), st.floats(0.01, 50), max_size=9),
    st.dictionaries(st.text("ab", max_size=3), st.floats(-1, 1), min_size=1, max_size=9),
)
def test_fusion_orders_every_candidate_the_same_way_every_time(
    words: dict[str, float], similarities: dict[str, float]
) -> None:
    ranked = fuse(sorted(words.items(), key=lambda item: -item[1]), similarities)
    assert {id for id, _ in ranked} == set(similarities)
    assert [score for _, score in ranked] == sorted((s for _, s in ranked), reverse=True)
    assert ranked == fuse(
        sorted(words.items(), key=lambda item: -item[1]), dict(reversed(similarities.items()))
    )


def test_both_words_and_meaning_count() -> None:
    words = [("both", 10.0), ("words", 10.0)]
    ranked = [id for id, _ in fuse(words, {"both": 0.9, "words": 0.0, "meaning": 0.9})]
    assert ranked == ["both", "words", "meaning"]
    assert [id for id, _ in fuse([], {"a": 0.1, "b": 0.2}, named={"a"})] == ["a", "b"]


def test_stop_words_are_left_out_unless_there_is_nothing_else() -> None:
    assert query_words("When did the otters come back to the Odra?") == [
        "otters",
        "come",
        "back",
        "odra",
    ]
    assert query_words("What is it?") == ["what", "is", "it"]
    assert match_expression(["otters", "odra"]) == '"otters" OR "odra"'


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did The Verge report?", {"The Verge"}),
        ("as the Verge and Time say", {"The Verge", "Time"}),
        ("at that time, on the verge", set()),
        ("BBC Sport?", {"BBC Sport", "BBC"}),
    ],
)
def test_sources_are_named_as_they_are_written(question: str, named: set[str]) -> None:
    assert named_sources(question, ["The Verge", "Time", "BBC", "BBC Sport"]) == named
