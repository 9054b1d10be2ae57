"""What one answer is worth: the figures as CONTRIBUTING defines them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from kb.answer import Answer, Citation, Refusal, Sentence, Verdict
from kb.evaluate.answers import answer_values, said
from kb.evaluate.dataset import Gold, Question
from kb.verify import WordVerifier

TEXT = "The bridge was closed in May. It will cost 3.2 million euros. Otters do not care."
ARTICLE = Article("a", "folder/a.md", "The bridge", TEXT)
COST = (30, 61)


def question(*answers: str, gold: tuple[Gold, ...] = ()) -> Question:
    """Return a question; one without answers cannot be answered."""
    return Question("q", "What will it cost?", answers, "", bool(answers), gold)


def answer(text: str, *spans: tuple[int, int], short: str = "") -> Answer:
    """Return an answer of one sentence that cites these characters, or a refusal."""
    cited = tuple(
        Citation(n, ARTICLE, "p", start, end, 0.5) for n, (start, end) in enumerate(spans, 1)
    )
    numbers = tuple(one.number for one in cited)
    verdict = Verdict.SUPPORTED if cited else Verdict.UNSUPPORTED
    marked = text + "".join(f" [{n}]" for n in numbers)
    refusal = None if cited else Refusal.UNSUPPORTED
    sentences = (Sentence(text, numbers, verdict, 1.0),)
    return Answer("?", marked, "m", sentences, cited, refusal, timings={"total_ms": 4}, short=short)


def values(asked: Question, answered: Answer) -> dict[str, float]:
    """Return the figures."""
    return answer_values(asked, answered, WordVerifier())


@pytest.mark.parametrize(
    ("gold", "text", "short", "accuracy", "em", "f1"),
    [
        ("3.2 million euros", "It will cost 3.2 million euros.", "3.2 million euros", 1, 1, 1),
        ("3.2 million euros", "It will cost 3.2 million euros.", "the 3.2 million Euros!", 1, 1, 1),
        ("3.2 million euros", "It will cost 3.2 million euros.", "", 1, 0, 2 * 3 / 9),
        ("the otters", "It will cost 3.2 million euros.", "3.2 million", 0, 0, 0),
        ("3.2 million euros", "It will cost 3.2 million euros.", "euros", 1, 0, 0.5),
    ],
)
def test_an_answer_is_compared_with_gold_by_the_authors_rules(
    gold: str, text: str, short: str, accuracy: float, em: float, f1: float
) -> None:
    found = values(question(gold), answer(text, COST, short=short))
    assert (found["answer_accuracy"], found["answer_em"]) == (accuracy, em)
    assert found["answer_f1"] == pytest.approx(f1)


def test_markers_are_no_words_of_an_answer() -> None:
    assert said(answer("In May.", COST)) == "In May."
    assert values(question("1"), answer("In May.", COST))["answer_accuracy"] == 0


@pytest.mark.parametrize(
    ("gold", "short", "right"),
    [("Yes", "Yes", 1), ("no", "Yes", 0), ("no", "No", 1), ("no", "", 0)],
)
def test_yes_and_no_are_counted_apart(gold: str, short: str, right: float) -> None:
    found = values(question(gold), answer("It will cost euros.", COST, short=short))
    assert found[f"{gold.casefold()}_right"] == right
    other = {"yes": "no", "no": "yes"}[gold.casefold()]
    assert f"{other}_right" not in found


def test_a_refusal_is_right_where_nothing_is_known_and_wrong_elsewhere() -> None:
    refusal = answer("I do not know.")
    known, unknown = values(question("euros"), refusal), values(question(), refusal)
    assert (known["false_refusals"], known["refusal_precision"]) == (1, 0)
    assert (known["answer_accuracy"], known["answer_f1"]) == (0, 0)
    assert (unknown["refusal_recall"], unknown["refusal_precision"]) == (1, 1)
    assert unknown["answer_accuracy"] == 1
    assert "answer_f1" not in unknown
    assert values(question(), answer("In May.", COST))["answer_accuracy"] == 0


def test_a_citation_is_right_where_its_quote_overlaps_gold() -> None:
    two = Gold("a", "It will cost"), Gold("a", "Otters do not care.")
    found = values(question("euros", gold=two), answer("It will cost.", COST, (0, 29)))
    assert (found["citation_precision"], found["citation_recall"]) == (0.5, 0.5)
    assert found["gold_cited"] == 1
    elsewhere = (Gold("b", "It will cost"),)
    assert values(question("euros", gold=elsewhere), answer("It.", COST))["gold_cited"] == 0


def test_of_a_paragraph_the_sentence_with_the_answer_is_gold() -> None:
    paragraph = (Gold("a", "", 1.0, 0, len(TEXT), ("3.2 million",)),)
    asked = question("3.2 million", gold=paragraph)
    assert values(asked, answer("It will cost.", COST))["citation_recall"] == 1
    assert values(asked, answer("Closed.", (0, 29)))["citation_recall"] == 0


def test_citations_are_judged_by_what_they_carry() -> None:
    carried = values(question("euros"), answer("It will cost 3.2 million euros.", COST))
    assert (carried["alce_citation_recall"], carried["alce_citation_precision"]) == (1, 1)
    beside = values(question("euros"), answer("It will cost 3.2 million euros.", COST, (0, 29)))
    assert (beside["alce_citation_recall"], beside["alce_citation_precision"]) == (1, 0.5)
    false = values(question("euros"), answer("It will cost 9 million euros.", COST))
    assert (false["alce_citation_recall"], false["alce_citation_precision"]) == (0, 0)


@given(st.text(max_size=40), st.text(max_size=40), st.booleans())
def test_every_figure_is_a_share_or_a_time(gold: str, text: str, refused: bool) -> None:
    answered = answer(text) if refused else answer(text, COST)
    for asked in (question(gold or "x"), question()):
        found = values(asked, answered)
        assert found.pop("total_ms") == 4
        assert all(0 <= one <= 1 for one in found.values())
        assert found.get("spans_exact", 1) == 1
