"""An answer becomes JSON and comes back equal, whatever is in it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from kb.answer import Answer, Citation, Conflict, Kept, Kind, Refusal, Sentence, Verdict
from kb.erase import erased
from kb.recall import answer_of
from kb.record import answer_json, line, mentioned

ANY = st.text(st.characters(codec=None))  # lone surrogates too
MAYBE = st.none() | ANY
SHARE = st.floats(0, 1)
ARTICLES = st.builds(
    Article,
    id=st.sampled_from(["a1", "a2", "a3"]),
    uri=ANY,
    title=ANY,
    text=st.text(min_size=1),
    source=MAYBE,
    author=MAYBE,
    published_at=MAYBE,
    url=MAYBE,
    language=MAYBE,
    pages=st.sampled_from([(), (0,), (0, 1, 3)]),
)


@st.composite
def cited(draw: st.DrawFn) -> tuple[Citation, ...]:
    """Citations of up to three articles, each one the same wherever it is cited."""
    articles = draw(st.lists(ARTICLES, min_size=1, max_size=3, unique_by=lambda one: one.id))
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        article = draw(st.sampled_from(articles))
        start = draw(st.integers(0, len(article.text) - 1))
        end = draw(st.integers(start + 1, len(article.text)))
        found.append(Citation(number, article, draw(ANY), start, end, draw(SHARE)))
    return tuple(found)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Any answer that the constructor lets through."""
    refusal = draw(st.none() | st.sampled_from(Refusal))
    numbers = st.lists(st.integers(1, 4), max_size=3).map(tuple)
    sentences = st.builds(Sentence, ANY, numbers, st.sampled_from(Verdict), SHARE)
    one = st.integers(1, 4)
    conflicts = st.builds(Conflict, st.sampled_from(Kind), one, one, st.booleans(), ANY)
    return Answer(
        question=draw(ANY),
        text=draw(ANY),
        model=draw(ANY),
        sentences=tuple(draw(st.lists(sentences, max_size=3))),
        citations=() if refusal else draw(cited()),
        refusal=refusal,
        standalone=draw(ANY),
        timings=draw(st.dictionaries(ANY, st.floats(0, 1e6), max_size=3)),
        notes=tuple(draw(st.lists(ANY, max_size=2))),
        short=draw(ANY),
        nearest=draw(cited()) if refusal else (),
        conflicts=tuple(draw(st.lists(conflicts, max_size=2))),
        usage=draw(st.dictionaries(ANY, st.integers(0, 9999), max_size=2)),
    )


def there_and_back(answer: Answer, articles: dict[str, Article], **more: Any) -> Answer:
    return answer_of({**json.loads(line(answer_json(answer))), **more}, articles.get)


def articles_of(answer: Answer) -> dict[str, Article]:
    return {one.article.id: one.article for one in (*answer.citations, *answer.nearest)}


@settings(deadline=None)
@given(answers())
def test_an_answer_comes_back_equal(answer: Answer) -> None:
    line(answer_json(answer)).encode("utf-8")
    again = there_and_back(answer, articles_of(answer), unknown={"later": ["key"]})
    assert again == answer
    assert answer_json(again) == answer_json(answer)


@settings(deadline=None)
@given(answers(), st.text())
def test_without_its_articles_it_shows_the_same_and_says_so(answer: Answer, now: str) -> None:
    changed = {id: replace(one, text=now, pages=()) for id, one in articles_of(answer).items()}
    for articles in ({}, changed):
        again = there_and_back(answer, articles)
        for was, shown in zip(answer.citations, again.citations, strict=True):
            assert (shown.quote, shown.page) == (was.quote, was.page)
            assert (shown.start, shown.end) == (was.start, was.end)
            assert replace(shown.article, text="", pages=()) == replace(
                was.article, text="", pages=()
            )
            assert not articles or shown.kept is None or not shown.kept.removed
            assert articles or shown.kept == Kept(was.quote, was.page, removed=True)
        stored = answer_json(again)
        assert there_and_back(again, articles) == again
        statuses = {one.get("status") for one in stored["citations"]}
        assert statuses <= ({"removed"} if not articles else {"changed", None})


def test_every_field_is_in_the_record() -> None:
    answer = Answer("Why?", "No.", "m", refusal=Refusal.NO_EVIDENCE)
    assert set(answer_json(answer)) == {field.name for field in fields(Answer)}


def test_a_record_of_an_earlier_version_has_the_defaults() -> None:
    record = {"question": "Why?", "text": "No.", "model": "m", "refusal": "unsupported"}
    assert answer_of(record, lambda _: None) == Answer(
        "Why?", "No.", "m", refusal=Refusal.UNSUPPORTED
    )


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"question": "Why?", "text": "No.", "model": "m"},
        {"question": "Why?", "text": "No.", "model": "m", "refusal": "later"},
        {"question": "Why?", "text": "No.", "model": "m", "citations": [{}]},
        {"question": "Why?", "text": "No.", "model": "m", "sentences": 1, "refusal": None},
    ],
)
def test_what_is_no_answer_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        answer_of(record, lambda _: None)


def test_numbers_of_numpy_are_numbers() -> None:
    score: Any = np.float32(0.5)
    sentence = Sentence("It.", (1,), Verdict.PARTIAL, score)
    answer = Answer("Why?", "", "m", (sentence,), refusal=Refusal.UNSUPPORTED)
    assert json.loads(line(answer_json(answer)))["sentences"][0]["score"] == 0.5


def test_articles_are_found_wherever_a_record_refers_to_them() -> None:
    reference = {"id": "a", "uri": "a.md", "title": "A"}
    record = {"nearest": [{"article": reference}, {**reference, "id": "b"}], "id": "no", "uri": "x"}
    assert list(mentioned(record)) == ["a", "b"]


@settings(deadline=None)
@given(answers(), st.sampled_from(["a1", "a2", "a3"]))
def test_erasing_leaves_an_answer_and_nothing_of_the_article(answer: Answer, gone: str) -> None:
    record = {**answer_json(answer), "later": [one.quote for one in answer.citations]}
    left = erased(record, {gone})
    assert erased(left, {gone}) == left
    again = answer_of(left, articles_of(answer).get)
    numbers = {one.number for one in answer.citations if one.article.id == gone}
    assert "later" not in left
    assert again.nearest == tuple(one for one in answer.nearest if one.article.id != gone)
    assert again.conflicts == tuple(
        one for one in answer.conflicts if not numbers & {one.newer, one.older}
    )
    assert again.short == ("" if numbers else answer.short)
    assert answer.refusal is None or again.text == answer.text
    for was, shown in zip(answer.citations, again.citations, strict=True):
        assert (shown.start, shown.end, shown.number) == (was.start, was.end, was.number)
        if was.number in numbers:
            assert (shown.quote, shown.passage_id) == ("", "")
            assert shown.article == Article(gone, was.article.uri, was.article.uri, "")
        else:
            assert shown == was
    kept = [one for one in answer.sentences if one.verdict is not Verdict.UNSUPPORTED]
    for before, after in zip(kept, again.sentences, strict=True):
        if numbers & set(before.citations):
            assert after == replace(before, text="(removed with its article)")
        else:
            assert after == before
