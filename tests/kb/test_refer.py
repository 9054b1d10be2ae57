"""What pronouns stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.refer import asked_about, leans, person, resolved, subject


@pytest.mark.parametrize(
    ("statement", "about", "someone"),
    [
        ("Zelensky spoke on Tuesday in Kyiv.", "Zelensky", "Zelensky"),
        ("The old bridge at Ostrava was closed.", "the old bridge at Ostrava", None),
        ("In May, Luna-25 took off.", "Luna-25", "Luna-25"),
        ("Engineers found 14 cracks.", "Engineers", "Engineers"),
        ("Mayor Jan Dohnal said that it begins in May.", "Mayor Jan Dohnal", "Mayor Jan Dohnal"),
        ("The evacuation was announced by Vadym Filashkin.", "the evacuation", "Vadym Filashkin"),
        ("He resigned.", None, None),
        ("it rained", None, None),
        ("", None, None),
    ],
)
def test_the_subject_comes_first(statement: str, about: str | None, someone: str | None) -> None:
    assert subject(statement) == about
    assert person(statement) == someone


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("When did Luna-25 take off?", "Luna-25"),
        ("How heavy were the samples of Chang'e 6?", "the samples of Chang'e 6"),
        ("How large is the bridge at Ostrava?", "the bridge at Ostrava"),
        ("What did the World Bank say?", "the World Bank"),
        ("Where did Modi and Zelensky meet?", "Modi and Zelensky"),
        ("How many settlements did Kyiv claim?", "Kyiv"),
        ("Who bought Credit Suisse?", None),
        ("How was the weather?", None),
    ],
)
def test_a_question_asks_about_what_is_behind_its_auxiliary(
    question: str, about: str | None
) -> None:
    assert asked_about(question) == about


@pytest.mark.parametrize(
    ("text", "thing", "someone", "expected"),
    [
        ("It crashed.", "Luna-25", None, "Luna-25 crashed."),
        ("When did it crash?", "Luna-25", None, "When did Luna-25 crash?"),
        ("Its engine failed.", "the old bridge", None, "The old bridge's engine failed."),
        ("How old was he?", "Paris", "Novak Djokovic", "How old was Novak Djokovic?"),
        ("Who is her husband?", None, "Mira Murati", "Who is Mira Murati's husband?"),
        ("What did they weigh?", "the samples", None, "What did the samples weigh?"),
        ("When did they meet?", "Modi and Putin", None, "When did Modi and Putin meet?"),
        ("When did they meet?", "Modi", None, "When did they meet?"),
        ("When was he there?", "the bridge", None, "When was he there?"),
        ("Did Merkel say that she resigned?", "x", "Anna", "Did Merkel say that she resigned?"),
        ("On Monday he resigned.", None, "Anna Reid", "On Monday Anna Reid resigned."),
        ("It is true that otters swim.", "Luna-25", None, "It is true that otters swim."),
        ("Otters swim.", "Luna-25", "Anna", "Otters swim."),
    ],
)
def test_a_pronoun_is_replaced_where_it_is_clear(
    text: str, thing: str | None, someone: str | None, expected: str
) -> None:
    assert resolved(text, thing, someone) == expected


@given(st.text(max_size=60), st.text(min_size=1, max_size=20).filter(str.strip))
def test_a_text_without_a_pronoun_stays_as_it_is(text: str, name: str) -> None:
    if not leans(text):
        assert resolved(text, name, name) == text
    subject(text)
    person(text)
    asked_about(text)
