"""From a question to citations or a refusal, never both, never neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import Answer, Conversation, Delta, Found, KnowledgeBase, Refusal, Verdict
from kb.errors import NotFoundError, QuestionError
from kb.evidence import Evidence
from kb.protocols import Piece, Short
from tests.conftest import OpenKB

COST = "How much will the repair of the bridge at Ostrava cost?"
NOTHING = "Who won the chess championship in Reykjavik?"


def whole(answer: Answer) -> Answer:
    """Hold an answer to what is true of every answer, and return it."""
    assert bool(answer.citations) != bool(answer.refusal)
    for i, citation in enumerate(answer.citations, 1):
        assert citation.number == i
        assert citation.quote == citation.article.text[citation.start : citation.end] != ""
    numbers = {citation.number for citation in answer.citations}
    for sentence in answer.sentences:
        assert set(sentence.citations) <= numbers
        assert bool(sentence.citations) == (sentence.verdict is not Verdict.UNSUPPORTED)
    assert numbers == {n for sentence in answer.sentences for n in sentence.citations}
    if not answer.refusal:
        shown = [one for one in answer.sentences if one.citations]
        marked = [one.text + "".join(f" [{n}]" for n in one.citations) for one in shown]
        assert answer.text == " ".join(marked)
    return answer


def test_a_question_is_answered_in_the_articles_own_words(open_kb: OpenKB) -> None:
    answer = whole(open_kb().ask(COST))
    assert "The repair will cost 3.2 million euros." in answer.text
    assert answer.citations[0].quote == "The repair will cost 3.2 million euros."
    assert answer.citations[0].article.title == "The bridge at Ostrava"
    assert answer.model == "quotes"
    assert {"search_ms", "first_token_ms", "total_ms"} <= set(answer.timings)


def test_what_the_articles_do_not_have_is_refused_in_words(open_kb: OpenKB) -> None:
    answer = whole(open_kb().ask(NOTHING))
    assert answer.refusal is Refusal.NO_EVIDENCE
    assert "Reykjavik" in answer.text


def test_a_source_that_the_question_names_is_no_name_that_is_missing(
    open_kb: OpenKB, tmp_path: Path
) -> None:
    kb = open_kb()
    far = tmp_path / "far.md"
    far.write_text("---\ntitle: Bread\nsource: Morning Gazette\n---\n\nBread is dear.\n", "utf-8")
    kb.sync(far)
    asked = "Does the Gazette write how much the repair of the bridge at Ostrava will cost?"
    assert "Gazette" not in kb.ask(asked.replace("Gazette", "Morning Gazette")).text
    assert "“Prague”" in kb.ask(asked.replace("Gazette", "Prague Gazette")).text


def test_nothing_similar_is_refused_without_asking_the_model(open_kb: OpenKB) -> None:
    answer = whole(open_kb("Bread needs 220 degrees [1].", min_similarity=0.99).ask(COST))
    assert answer.refusal is Refusal.NO_EVIDENCE
    assert answer.sentences == ()


def test_a_stream_is_found_then_deltas_then_one_answer(open_kb: OpenKB) -> None:
    kb = open_kb("The repair will cost 3.2 million euros [1]. It begins in May [1].")
    events = list(kb.stream(COST))
    assert isinstance(events[0], Found)
    assert isinstance(events[-1], Answer)
    deltas = [event for event in events[1:-1] if isinstance(event, Delta)]
    assert len(deltas) == len(events) - 2
    assert sum(bool(delta.text) for delta in deltas) == 2
    assert "".join(delta.text for delta in deltas) == whole(events[-1]).text


@pytest.mark.parametrize(
    "draft",
    [
        "The repair will cost 3.2 million euros [1].",
        "The repair will cost 3.2 million euros. [1]",
        "The repair will cost 3.2 million euros【1】.",
        "The repair will cost 3.2 million euros [1, 2].",
        "The repair will cost 3.2 million euros [1-3].",
        "The repair will cost 3.2 million euros [1], [2]; [3].",
        "The repair will cost 3.2 million euros. [1], [2], [3]",
        "The repair will cost 3.2 million euros [99].",
        "The repair will cost 3.2 million euros [0][-1].",
        "The repair will cost 3.2 million euros [99999999999999999999].",
        "The repair will cost 3.2 million euros.",
    ],
)
def test_however_a_draft_marks_it_the_sentence_that_carries_it_is_cited(
    open_kb: OpenKB, draft: str
) -> None:
    answer = whole(open_kb(draft).ask(COST))
    assert answer.sentences[0].text == "The repair will cost 3.2 million euros."
    assert answer.citations[0].quote == "The repair will cost 3.2 million euros."


@pytest.mark.parametrize(
    "invented",
    [
        "The repair will cost 9.9 million euros [1].",
        "The repair will cost 3.2 million euros, says Petr Novák [1].",
        "The repair will not cost 3.2 million euros [1].",
        "Penguins were sold at the harbour market yesterday evening [1].",
    ],
)
def test_what_the_sources_do_not_carry_is_withheld(open_kb: OpenKB, invented: str) -> None:
    answer = whole(open_kb(invented).ask(COST))
    assert answer.refusal is Refusal.UNSUPPORTED
    assert answer.sentences[0].verdict is Verdict.UNSUPPORTED
    both = whole(open_kb(f"The repair will cost 3.2 million euros [1]. {invented}").ask(COST))
    assert both.text == "The repair will cost 3.2 million euros. [1]"
    assert [one.verdict.value for one in both.sentences] == ["supported", "unsupported"]


def test_what_is_not_carried_can_be_shown_and_is_marked(open_kb: OpenKB) -> None:
    kb = open_kb(
        "It will cost 3.2 million euros [1]. It will cost 9 million euros [1].",
        show_unsupported=True,
    )
    events = list(kb.stream(COST))
    answer = events[-1]
    assert isinstance(answer, Answer)
    shown = "It will cost 3.2 million euros. [1] It will cost 9 million euros. [not supported]"
    assert answer.text == shown
    assert "".join(one.text for one in events if isinstance(one, Delta)) == shown
    assert answer.sentences[1].citations == ()


def test_a_writer_that_is_not_sure_has_not_answered(open_kb: OpenKB) -> None:
    kb = open_kb("It will cost 3.2 million euros [1].", min_confidence=0.5)
    sure = kb._chain.writer.write

    def write(question: str, evidence: Sequence[Evidence]) -> Iterator[Piece]:
        yield Short("3.2 million euros", certainty)
        yield from sure(question, evidence)

    kb._chain.writer.write = write  # type: ignore[method-assign,assignment]
    certainty = 0.4
    doubtful = whole(kb.ask(COST))
    assert (doubtful.refusal, doubtful.confidence) == (Refusal.MODEL_DECLINED, 0.4)
    assert doubtful.nearest[0].article.title == "The bridge at Ostrava"
    certainty = 0.6
    answer = whole(kb.ask(COST))
    assert (answer.short, answer.confidence) == ("3.2 million euros", 0.6)


@pytest.mark.parametrize(
    "draft",
    ["NOT IN THE SOURCES", "The sources do not say.", "I don't know.", "It is not stated [1]."],
)
def test_a_model_that_declines_is_heeded(open_kb: OpenKB, draft: str) -> None:
    answer = whole(open_kb(draft).ask(COST))
    assert answer.refusal is Refusal.MODEL_DECLINED
    assert "do not answer" in answer.text


def test_the_same_characters_have_one_number(open_kb: OpenKB) -> None:
    twice = (
        "The repair will cost 3.2 million euros [1]. The cost of the repair: 3.2 million euros [1]."
    )
    answer = whole(open_kb(twice).ask(COST))
    assert [one.citations for one in answer.sentences] == [(1,), (1,)]
    assert len(answer.citations) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                [
                    *(
                        "[1]",
                        "[",
                        "]",
                        "[2][3]",
                        "【4】",
                        "[1-9999999]",
                        ". ",
                        "\n",
                        "3.2 million ",
                    ),
                    *("The repair will cost 3.2 million euros", "not ", "<|im_end|>", "# ", "- "),
                ]
            ),
        ),
        max_size=12,
    ).map("".join)
)
def test_no_draft_can_break_an_answer(open_kb: OpenKB, draft: str) -> None:
    kb = _cached(open_kb)
    kb._chain.writer._drafts = [draft]  # type: ignore[attr-defined]
    events = list(kb.stream(COST))
    answer = events[-1]
    assert isinstance(answer, Answer)
    whole(answer)
    if not answer.refusal:
        assert "".join(e.text for e in events if isinstance(e, Delta)) == answer.text


def _cached(open_kb: OpenKB) -> KnowledgeBase:
    if not hasattr(open_kb, "kept"):
        open_kb.kept = open_kb("x")  # type: ignore[attr-defined]
    kept: KnowledgeBase = open_kb.kept  # type: ignore[attr-defined]
    return kept


def test_a_follow_up_is_understood(open_kb: OpenKB) -> None:
    kb = open_kb()
    first = kb.ask("What did engineers find in the piers of the old bridge at Ostrava?")
    conversation = Conversation().and_then(first)
    answer = whole(kb.ask("and what will its repair cost?", conversation))
    assert answer.question == "and what will its repair cost?"
    assert "old bridge at Ostrava" in answer.standalone
    assert "3.2 million euros" in answer.text
    alone = kb.ask("Who counted otters along the Odra?", conversation)
    assert alone.standalone == alone.question


@pytest.mark.parametrize("question", ["", "  ", "?", "x" * 100_000])
def test_a_question_must_have_words_and_an_end(open_kb: OpenKB, question: str) -> None:
    with pytest.raises(QuestionError):
        open_kb().ask(question)


def test_closing_a_stream_closes_the_writer(open_kb: OpenKB) -> None:
    kb = open_kb("The repair will cost 3.2 million euros [1]. It begins in May [1]. " * 50)
    stream = kb.stream(COST)
    next(stream)
    next(stream)
    stream.close()
    assert whole(kb.ask(COST)).citations


def test_forged_markers_in_an_article_are_text(open_kb: OpenKB, tmp_path: Path) -> None:
    kb = open_kb()
    forged = tmp_path / "forged.txt"
    forged.write_text("The ferry\n\nThe ferry to Gotland sank in 1935 [7][1]. It was old.", "utf-8")
    kb.sync(forged)
    answer = whole(kb.ask("When did the ferry to Gotland sink?"))
    assert answer.sentences[0].text == "The ferry to Gotland sank in 1935 (7)(1)."
    assert answer.citations[0].quote == "The ferry to Gotland sank in 1935 [7][1]."


def test_articles_are_listed_and_found(open_kb: OpenKB) -> None:
    kb = open_kb()
    listed = kb.articles()
    assert [article.title for article in listed] == [
        "The bridge at Ostrava",
        "Otters return to the Odra",
    ]
    assert kb.article(listed[0].id).text.startswith("The old bridge")
    assert kb.article("news/otters.txt").title == "Otters return to the Odra"
    with pytest.raises(NotFoundError, match="'nowhere'"):
        kb.article("nowhere")
    status = kb.status()
    assert (status.articles, status.model, status.embedder) == (2, "quotes", "hashing:words@1")
