"""What the last answer rested on stays at hand for a follow-up."""

from __future__ import annotations

from kb import Conversation, Found
from tests.conftest import OpenKB

OTTERS = "How many otters did biologists count along the Odra?"
LEANING = "and what does the repair of the bridge cost?"


def test_a_follow_up_reads_the_passages_that_the_last_answer_cites(open_kb: OpenKB) -> None:
    kb = open_kb(passages=1)
    first = kb.ask(OTTERS)
    cited = first.citations[0]
    found = next(iter(kb.stream(LEANING, Conversation((first,)))))
    assert isinstance(found, Found)
    assert cited.passage_id in {hit.passage.id for hit in found.hits}
    assert len(found.hits) == len({hit.passage.id for hit in found.hits})
    assert len(found.hits) == 1 + (found.hits[0].passage.id != cited.passage_id)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)


def test_another_subject_and_a_filter_leave_them_out(open_kb: OpenKB) -> None:
    kb = open_kb(passages=1)
    said = Conversation((kb.ask(OTTERS),))
    alone = next(iter(kb.stream("What did Mayor Jan Dohnal say?", said)))
    filtered = next(iter(kb.stream(LEANING, said, sources=["Sample Post"])))
    for found in (alone, filtered):
        assert isinstance(found, Found)
        assert len(found.hits) == 1


def test_a_passage_that_has_gone_is_not_missed(open_kb: OpenKB) -> None:
    kb = open_kb(passages=1)
    first = kb.ask(OTTERS)
    kb.remove([first.citations[0].article.id])
    found = next(iter(kb.stream(LEANING, Conversation((first,)))))
    assert isinstance(found, Found)
    assert len(found.hits) == 1
