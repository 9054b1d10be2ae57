"""What a question asks for."""

from __future__ import annotations

import pytest

from kb.expect import asks_to_explain, asks_yes_or_no


@pytest.mark.parametrize(
    "question",
    [
        "Did SLIM survive the night on the Moon?",
        "Is the bridge at Ostrava closed?",
        "Doesn't the ferry sail on Sundays?",
        "After the strike of March 2022, was there a change in what the union asked for?",
        "Do the articles from The Verge and TechCrunch both say that Google pays Apple?",
        "According to Kyiv, has Sudzha been taken?",
        "Has the article that says who won been changed?",
    ],
)
def test_yes_or_no_can_answer(question: str) -> None:
    assert asks_yes_or_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is to blame?",
        "Which company, named by The Verge, is accused of paying Apple?",
        "Considering what The Verge says, which company is accused?",
        "What did Putin call it?",
        "death toll of the strike",
        "Was the attack on Sunday or Monday?",
        "Is the trend consistent or inconsistent?",
        "Did the plague reach Scandinavia or Germany first?",
        "In what year was it built?",
        "",
    ],
)
def test_words_have_to_answer(question: str) -> None:
    assert not asks_yes_or_no(question)


def test_some_questions_want_a_text() -> None:
    assert asks_to_explain("Explain why the river was closed.")
    assert asks_to_explain("What happened in Kursk in August 2024?")
    assert asks_to_explain("Give me a summary of the strike")
    assert not asks_to_explain("Why was the triathlon put back?")
    assert not asks_to_explain("Who described the battle first?")
