"""Any text is given the citations and verdicts that the articles have for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import Cited, CitedSentence, Verdict
from kb.errors import QuestionError
from kb.footnote import CITE_AT_MOST
from tests.conftest import OpenKB

CARRIED = "The old bridge at Ostrava was closed on Monday."


def by_text(cited: Cited) -> dict[str, CitedSentence]:
    return {one.text: one for one in cited.sentences}


def quotes(cited: Cited, one: CitedSentence) -> list[str]:
    return [cited.citations[number - 1].quote for number in one.citations]


def test_each_sentence_has_its_verdict_and_its_quotes(open_kb: OpenKB) -> None:
    text = f"# Ostrava\n\n{CARRIED} [7] Engineers found 12 cracks in its piers.\n\nIs it open?\n"
    cited = open_kb().cite(text)
    heading, carried, wrong, question = cited.sentences
    assert (heading.verdict, question.verdict) == (None, None)
    assert carried.verdict is Verdict.SUPPORTED
    assert carried.text == f"{CARRIED} [7]"
    assert quotes(cited, carried) == [CARRIED]
    assert (wrong.verdict, wrong.citations) == (Verdict.UNSUPPORTED, ())
    assert wrong.nearest
    assert wrong.nearest.quote == "Engineers found 14 cracks in its piers."
    assert cited.text == text
    assert [one.number for one in cited.citations] == [1]


@pytest.mark.parametrize(
    "said",
    [
        "The old bridge at Ostrava was not closed on Monday.",
        "The old bridge at Olomouc was closed on Monday.",
        "Biologists counted 32 otters along the river Odra.",
        "Biologists counted 3.2 million otters along the river Odra.",
    ],
)
def test_what_the_articles_contradict_is_unsupported_and_they_are_quoted(
    open_kb: OpenKB, said: str
) -> None:
    (one,) = open_kb().cite(said).sentences
    assert one.verdict is Verdict.UNSUPPORTED
    assert one.nearest
    assert one.nearest.quote in (CARRIED, "Biologists counted 31 otters along the river Odra.")


def test_nothing_is_near_to_what_the_articles_do_not_speak_of(open_kb: OpenKB) -> None:
    (one,) = open_kb().cite("Volcanoes erupted in Iceland for three weeks.").sentences
    assert (one.verdict, one.nearest) == (Verdict.UNSUPPORTED, None)


def test_the_same_characters_have_one_number(open_kb: OpenKB) -> None:
    cited = open_kb().cite(f"{CARRIED} Engineers found 14 cracks in its piers. {CARRIED}")
    assert [one.citations for one in cited.sentences] == [(1,), (2,), (1,)]


def test_a_pronoun_stands_for_the_sentence_before(open_kb: OpenKB, folder: Path) -> None:
    (folder / "one.txt").write_text("Anna Reid became minister in March.\n", "utf-8")
    (folder / "two.txt").write_text("Ivan Petrov resigned from the board in June.\n", "utf-8")
    kb = open_kb()
    true = kb.cite(
        "Anna Reid became minister in March. Ivan Petrov was there. He resigned in June."
    )
    assert true.sentences[-1].verdict is Verdict.SUPPORTED
    wrong = kb.cite("Anna Reid became minister in March. She resigned from the board in June.")
    assert wrong.sentences[-1].verdict is Verdict.UNSUPPORTED
    nobody = kb.cite("He resigned from the board in June.")
    assert nobody.sentences[0].verdict is Verdict.PARTIAL


def test_a_copy_of_a_story_counts_once_and_another_source_twice(
    open_kb: OpenKB, folder: Path
) -> None:
    story = (folder / "otters.txt").read_text("utf-8")
    (folder / "copy.txt").write_text(story.replace("Odra\n", "Odra again\n", 1), "utf-8")
    said = "Biologists counted 31 otters along the river Odra."
    cited = open_kb().cite(said)
    assert len(cited.citations) == 1
    (folder / "own.txt").write_text(
        "River life\n\nAlong the Odra, with the ministry, biologists had counted 31 otters by the "
        "river in spring, more than in any year before.\n",
        "utf-8",
    )
    cited = open_kb().cite(said)
    assert len({one.article.id for one in cited.citations}) == 2


def test_a_filter_that_lets_nothing_through_is_told(open_kb: OpenKB) -> None:
    kb = open_kb()
    cited = kb.cite(CARRIED, sources=["Nobody's Post"])
    assert cited.sentences[0].verdict is Verdict.UNSUPPORTED
    assert "Nobody's Post" in cited.notes[0]
    assert kb.cite(CARRIED, sources=["Sample Post"], since="2024-03-05").citations
    assert not kb.cite(CARRIED, until="2024-03-04").citations


def test_it_tells_how_far_it_is_and_stops(open_kb: OpenKB) -> None:
    kb = open_kb()
    told: list[tuple[int, int]] = []
    text = f"{CARRIED} Otters are back. Is it so?"
    whole = kb.cite(text, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert not whole.stopped
    part = kb.cite(text, stop=lambda: len(told) > 3, progress=lambda *_: told.append((0, 0)))
    assert part.stopped
    assert part.sentences == whole.sentences[:1]


def test_nothing_is_cited_for_nothing_and_too_much_is_refused(open_kb: OpenKB) -> None:
    kb = open_kb()
    assert kb.cite(" \n").sentences == ()
    with pytest.raises(QuestionError, match="1,000,001 characters"):
        kb.cite("x" * (CITE_AT_MOST + 1))


def test_a_hundred_thousand_characters_are_cited(open_kb: OpenKB) -> None:
    text = ("word " * 3_000 + ". ") * 7
    cited = open_kb().cite(text)
    assert len(text) > 100_000
    said = " ".join(one.text for one in cited.sentences)
    assert "".join(said.split()) == "".join(text.split())


def test_a_sentence_is_a_slice_of_its_text_and_its_citations_exist() -> None:
    with pytest.raises(ValueError, match="not of this text"):
        Cited("One. Two.", (CitedSentence("Two.", 0, 4),))
    with pytest.raises(ValueError, match="without its citations"):
        Cited("One.", (CitedSentence("One.", 0, 4, (1,)),))


PIECES = st.sampled_from(
    [CARRIED, "It costs 3.2 million euros.", "He said so. ", "# Ostrava\n", "Why? ", "[1]", " — "]
)
FOREIGN = st.sampled_from(
    ["Она закрыта в мае. ", "橋は月曜日に閉鎖された。", "\ud800", "```\n", "\n\n"]
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(st.lists(st.one_of(PIECES, FOREIGN, st.text(max_size=30)), max_size=6).map("".join))
def test_whatever_the_text_quotes_are_exact_and_sentences_are_its_own(
    shared: OpenKB, text: str
) -> None:
    cited = shared().cite(text)
    at = 0
    for one in cited.sentences:
        assert text[one.start : one.end] == one.text
        assert not text[at : one.start].strip()
        assert bool(one.citations) == (one.verdict in (Verdict.SUPPORTED, Verdict.PARTIAL))
        at = one.end
    assert not text[at:].strip()
    for number, citation in enumerate(cited.citations, 1):
        assert citation.number == number
        assert citation.article.text[citation.start : citation.end] == citation.quote
    json.dumps([one.text for one in cited.sentences])


@pytest.fixture
def shared(open_kb: OpenKB) -> OpenKB:
    """Give the same knowledge base each time."""
    kb = open_kb()
    return lambda: kb
