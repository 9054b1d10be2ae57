"""A question that asks for several things falls into them; nothing that it names is cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import query_terms
from index.parts import parts
from index.understand import understand

_SOURCES = ["The Age", "Sporting News", "Bread, Wine and Cheese"]


def cut(question: str) -> list[str]:
    found = parts(understand(question, _SOURCES), lambda text: len(query_terms(text, ["en"])))
    return [part.text for part in found]


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("Who repaired the bridge?", ["Who repaired the bridge"]),
        (
            "Does The Age say that rents rose sharply, while Sporting News reports a stadium sale?",
            [
                "Does The Age say that rents rose sharply",
                "while Sporting News reports a stadium sale",
            ],
        ),
        ("Who won, and when?", ["Who won, and when"]),
        (
            "Did Bread, Wine and Cheese report three closed dairies in Brno?",
            ["Did Bread, Wine and Cheese report three closed dairies in Brno"],
        ),
        (
            "What changed in tax law between 3 May 2023 and 9 June 2024 in Prague?",
            ["What changed in tax law", "between 3 May 2023 and 9 June 2024 in Prague"],
        ),
    ],
)
def test_a_question_is_cut_between_what_it_asks_for(question: str, texts: list[str]) -> None:
    assert cut(question) == texts


def test_a_part_has_its_own_source_and_days() -> None:
    question = (
        "Does The Age say that rents rose sharply on 3 May 2023, "
        "while Sporting News reports a stadium sale?"
    )
    one, other = parts(understand(question, _SOURCES), lambda text: len(text.split()) // 2)
    assert set(one.sources) == {"The Age"}
    assert set(other.sources) == {"Sporting News"}
    assert [day.since for day in one.dates] == ["2023-05-03"]
    assert other.dates == ()


@given(st.text(max_size=300))
def test_the_parts_are_a_few_runs_of_the_question_in_order(question: str) -> None:
    found = cut(question)
    assert 1 <= len(found) <= 6
    at = 0
    for text in found:
        at = question.index(text, at) + len(text)
    words = re.findall(r"\w+", question)
    assert [word for text in found for word in re.findall(r"\w+", text)] == words
