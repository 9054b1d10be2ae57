"""What a question is asked within: as keywords, as a value, and in the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import Answer, Scope
from kb.errors import QuestionError
from kb.record import answer_json
from tests.conftest import OpenKB

names = st.lists(st.text(max_size=5), max_size=3).map(tuple)
days = st.none() | st.dates().map(date.isoformat)
scopes = st.builds(
    Scope, sources=names, collections=names, since=days, until=days, now=days, without=names
)

QUESTION = "What will the repair of the bridge at Ostrava cost?"


@given(scopes)
def test_a_scope_is_the_scope_of_its_keywords(scope: Scope) -> None:
    assert Scope.of(**scope.within) == scope


def test_what_was_known_on_a_day_is_until_then_and_asked_then() -> None:
    scope = Scope.of(as_of="2024-03-05", until=date(2024, 4, 1))
    assert (scope.until, scope.now) == ("2024-03-05", "2024-03-05")
    assert Scope.of(as_of="2024-03-05", now="2024-03-04").today == date(2024, 3, 4)


def test_a_scope_says_what_it_leaves_out() -> None:
    scope = Scope.of(sources=["A"], collections=["news"], since="2024-01-01", without=["May"])
    assert scope.labels == ("only news", "only A", "only from 2024-01-01")
    assert Scope().labels == ()


def test_what_is_no_day_and_no_keyword_is_told(open_kb: OpenKB) -> None:
    kb = open_kb()
    with pytest.raises(QuestionError, match="is not a day"):
        kb.ask(QUESTION, since="yesterday")
    methods: list[Callable[..., object]] = [kb.ask, kb.search, kb.cite]
    for asked in methods:
        with pytest.raises(TypeError, match="source"):
            asked(QUESTION, source="Sample Post")


def test_an_answer_says_what_it_was_asked_within(open_kb: OpenKB) -> None:
    kb = open_kb()
    asked = f"In March 2024: {QUESTION[0].lower()}{QUESTION[1:]}"
    answer = kb.ask(asked, sources=["sample post"], as_of="2024-03-06", without=["nothing"])
    scope = Scope(("sample post",), until="2024-03-06", now="2024-03-06", without=("nothing",))
    assert answer.scope == scope
    assert [chip.label for chip in answer.chips] == ["in: March 2024"]
    read: Answer = kb.recall(json.loads(json.dumps(answer_json(answer))))
    assert (read.scope, read.chips) == (answer.scope, answer.chips)
    again = kb.ask(asked, **read.scope.within)
    assert (again.text, again.citations, again.scope) == (answer.text, answer.citations, scope)


def test_a_text_is_cited_within_a_collection_and_a_day(open_kb: OpenKB) -> None:
    kb = open_kb()
    said = "Biologists counted 31 otters along the river Odra."
    assert kb.cite(said, collections=["news"]).citations
    assert not kb.cite(said, collections=["elsewhere"]).citations
    assert not kb.cite("Engineers found 14 cracks in its piers.", as_of="2024-01-01").citations
