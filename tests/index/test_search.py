"""Passages are found by words and meaning; no question is an error of the database."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Hit
from index.embedders.hashing import HashingEmbedder
from index.errors import QuestionError
from index.filter import Filter
from index.home import Home
from index.lexical import match_expression
from index.mentions import named_sources
from index.rerankers.sentences import SentenceReranker
from index.search import QUESTION_AT_MOST, Search
from index.signals import SIGNALS
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
        def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
            return [replace(hit, score=float(i)) for i, hit in enumerate(hits)][::-1]

    sync(home, [folder])
    plain = [hit.passage.id for hit in Search(home).search("otters Ostrava", 10)]
    second = Search(home, Reversed(), rerank_depth=2)
    hits = second.search("otters Ostrava", 10)
    assert [hit.passage.id for hit in hits] == [*plain[:2][::-1], *plain[2:]]
    scores = [hit.score for hit in hits]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)


def test_the_best_has_the_score_one_and_ranking_is_the_same_every_time(search: Search) -> None:
    question = "How much will the repair of the bridge cost?"
    hits = search.search(question, 10)
    assert hits[0].score == 1.0
    assert all(0 < hit.score <= 1 for hit in hits)
    assert search.search(question, 10) == hits
    assert [hit.passage.id for hit in search.search(question, 2)] == [
        hit.passage.id for hit in hits[:2]
    ]


def test_an_explanation_says_what_makes_the_difference(search: Search) -> None:
    question = "How much will the repair of the bridge cost?"
    hits = search.search(question, 3, explain=True)
    assert [replace(hit, signals=()) for hit in hits] == search.search(question, 3)
    totals = [sum(share for _, share in hit.signals) for hit in hits]
    for hit, total in zip(hits, totals, strict=True):
        assert hit.score == pytest.approx(math.exp((total - totals[0]) / 3))
        assert {name for name, _ in hit.signals} <= set(SIGNALS)
    assert dict(hits[0].signals)["words"] != 0


def test_an_explanation_tells_what_came_after_the_signals_too(home: Home, folder: Path) -> None:
    sync(home, [folder])
    found = Search(home, SentenceReranker(HashingEmbedder))
    question = "How much will the repair of the old bridge cost, and how many otters were counted?"
    hits = found.search(question, 5, explain=True)
    totals = [sum(share for _, share in hit.signals) for hit in hits]
    for hit, total in zip(hits, totals, strict=True):
        assert math.log(hit.score / hits[0].score) * 3 == pytest.approx(total - totals[0], abs=1e-6)
    assert all("second look" in dict(hit.signals) for hit in hits)


def test_what_a_question_names_can_be_taken_back(home: Home, tmp_path: Path) -> None:
    for source, day in (("Alpha Post", "2024-03-05"), ("Beta Post", "2024-03-09")):
        text = f"---\ntitle: Storm\nsource: {source}\ndate: {day}\n---\nA storm hit the coast."
        (tmp_path / f"{source}.md").write_text(text, "utf-8")
    sync(home, [tmp_path / "Alpha Post.md", tmp_path / "Beta Post.md"])
    found = Search(home)
    question = "What did Beta Post say of the storm after 7 March 2024?"
    assert [chip.label for chip in found.understand(question).chips] == [
        "from: Beta Post",
        "after: 7 Mar 2024",
    ]
    hits = found.search(question, 2, explain=True)
    assert hits[0].article.source == "Beta Post"
    assert dict(hits[0].signals)["source"] > 0
    assert dict(hits[0].signals)["day"] > 0
    without = ["From: beta post", "after: 7 Mar 2024"]
    plain = found.search(question, 2, without=without, explain=True)
    assert not {"source", "day", "other source"} & {name for name, _ in plain[0].signals}
    yesterday = found.understand("storms of yesterday", dt.date(2024, 3, 6))
    assert [(one.since, one.until) for one in yesterday.dates] == [("2024-03-05", "2024-03-05")]


def test_each_thing_that_a_question_asks_for_is_found(home: Home, tmp_path: Path) -> None:
    paths = []
    for number in range(30):
        path = tmp_path / f"{number}.md"
        path.write_text(f"# Budget {number}\n\nThe council's budget grew by {number} percent.")
        paths.append(path)
    for name, text in (("a", "Ferries to Rügen stopped."), ("b", "Wolves returned to Tatras.")):
        paths.append(tmp_path / f"{name}.md")
        paths[-1].write_text(f"# {name}\n\n{text} Nothing else happened.")
    sync(home, paths)
    question = "Why did ferries to Rügen stop, while wolves returned to the Tatras?"
    texts = [hit.passage.text for hit in Search(home).search(question, 2)]
    assert any("Ferries" in text for text in texts)
    assert any("Wolves" in text for text in texts)


def test_copies_of_a_passage_are_one_hit(home: Home, tmp_path: Path) -> None:
    chance = random.Random(1)
    story = " ".join(f"w{chance.randrange(900)}" for _ in range(150))
    paths = []
    for source in ("Agency", "Daily", "Evening"):
        paths.append(tmp_path / f"{source}.md")
        paths[-1].write_text(f"---\ntitle: Flood\nsource: {source}\n---\nThe flood. {story}.")
    paths.append(tmp_path / "other.md")
    paths[-1].write_text("---\ntitle: Other\nsource: Weekly\n---\nThe flood was long ago.")
    sync(home, paths)
    hits = Search(home).search("What did the Daily say of the flood?", 10)
    (story_hit,) = [hit for hit in hits if hit.article.title == "Flood"]
    assert story_hit.article.source == "Daily"
    assert {article.source for article in story_hit.copies} == {"Agency", "Evening"}
    assert any(hit.article.title == "Other" for hit in hits)
    only = Search(home).search("the flood", 10, Filter.of(sources=["Evening"]))
    assert [(hit.article.source, hit.copies) for hit in only] == [("Evening", ())]


@pytest.mark.parametrize(
    ("article", "question"),
    [
        ("北京举行了气候会议。各国代表参加。", "气候会议在哪里举行?"),
        ("東京で新しい橋が開通した。", "新しい橋はどこですか"),
        ("น้ำท่วมใหญ่ในกรุงเทพ", "น้ำท่วมที่ไหน"),
        ("서울에서 지진이 발생했다.", "지진은 어디에서?"),
        ("Die Häuser am Fluss wurden geräumt.", "Welches Haus wurde geraumt?"),
    ],
)
def test_an_article_is_found_in_its_language(
    home: Home, folder: Path, tmp_path: Path, article: str, question: str
) -> None:
    (tmp_path / "other.txt").write_text(article, "utf-8")
    sync(home, [folder, tmp_path / "other.txt"])
    assert Search(home).search(question, 1)[0].passage.text == article


def test_every_term_is_quoted() -> None:
    assert match_expression(["otters", "odra"]) == '"otters" OR "odra"'


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did The Verge report?", {"The Verge"}),
        ("as the Verge and Time say", {"The Verge", "Time"}),
        ("at that time, on the verge", set()),
        ("BBC Sport?", {"BBC Sport"}),
    ],
)
def test_sources_are_named_as_they_are_written(question: str, named: set[str]) -> None:
    assert named_sources(question, ["The Verge", "Time", "BBC", "BBC Sport"]) == named
