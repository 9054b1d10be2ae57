"""At which rank gold counts as found, for each of the three kinds of judgement."""

from __future__ import annotations

from kb.evaluate.dataset import Gold
from kb.evaluate.judge import judge
from tests.kb.evaluate.sets import hit, question


def test_evidence_has_to_be_there_whole_but_for_white_space() -> None:
    hits = [
        hit("a", "The otter swims. It is"),
        hit("b", "Otters:\n  The otter\nswims.  It is fast."),
    ]
    asked = question(
        Gold("a", "The otter swims. It is fast."), Gold("a", "swims. It"), Gold("a", "It was fast.")
    )
    assert judge(asked, hits).ranks == (2, 1, None)


def test_evidence_counts_wherever_it_stands_as_its_authors_count() -> None:
    assert judge(question(Gold("a", "It is fast.")), [hit("b", "It is fast.")]).ranks == (1,)


def test_a_paragraph_is_met_by_a_passage_over_it_that_has_an_answer() -> None:
    gold = Gold("a", start=100, end=200, answers=("1973", "in October 1973"))
    late, early = hit("a", "It was 1973.", 200), hit("a", "It was 1973.", 88)
    elsewhere, silent = hit("b", "It was 1973.", 150), hit("a", "It was 1974.", 150)
    assert judge(question(gold), [late, early, elsewhere, silent]).ranks == (None,)
    for start in (89, 150, 199):
        there = hit("a", "It was 1973.", start)
        assert judge(question(gold), [late, silent, there]).ranks == (3,)


def test_a_paragraph_is_looked_for_where_the_canonical_text_has_moved_it() -> None:
    paragraph = "It was 1973."
    gold = Gold("a", paragraph, start=500, end=512, answers=("1973",))
    assert judge(question(gold), [hit("a", paragraph, 40)]).ranks == (1,)
    assert judge(question(gold), [hit("a", "Some say 1973.", 40)]).ranks == (None,)
    assert judge(question(gold), [hit("a", "Some say 1973.", 505)]).ranks == (1,)


def test_articles_are_ranked_by_their_first_passage() -> None:
    hits = [hit("a", "One."), hit("a", "Two.", 50), hit("b", "Three."), hit("c", "Four.")]
    asked = question(Gold("b"), Gold("c", relevance=3.0), Gold("d", relevance=2.0))
    judged = judge(asked, hits)
    assert judged.ranks == (2, 3, None)
    assert judged.gains == (0.0, 1.0, 3.0)
    assert judged.ideal == (3.0, 2.0, 1.0)


def test_kinds_may_stand_side_by_side() -> None:
    hits = [hit("a", "One."), hit("a", "Two.", 50), hit("b", "Three.")]
    asked = question(Gold("b", "Three."), Gold("b"))
    assert judge(asked, hits).ranks == (3, 2)
