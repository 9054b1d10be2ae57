"""What becomes of a question when the model fails, with real sockets, in the whole chain."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import Answer, Article, Delta, KnowledgeBase, Refusal, open_knowledge_base
from kb.draft import Draft
from kb.errors import ModelError, PromptTooLong, ReplyCut
from kb.evidence import Evidence
from kb.verify import WordVerifier
from kb.write import drafted
from tests.conftest import OpenKB
from tests.kb.models.fake_server import FakeServer, serving
from tests.kb.test_ask import whole

QUESTION = "How much will the repair of the bridge at Ostrava cost?"
COST = "The repair will cost 3.2 million euros [1]."
CRACKS = " Engineers found 14 cracks in its piers [1]."
PROVIDERS = ("openai", "ollama", "anthropic")
every_provider = pytest.mark.parametrize("provider", PROVIDERS)


@pytest.fixture
def server() -> Generator[FakeServer, None, None]:
    """A fake server whose words the articles carry."""
    with serving() as fake:
        fake.words = (COST, CRACKS, " The end is not re", "ached [1].")
        yield fake


def served(open_kb: OpenKB, provider: str, server: FakeServer, **settings: Any) -> KnowledgeBase:
    """Open a knowledge base whose model is behind the server."""
    base = f"{server.address}/v1" if provider == "openai" else server.address
    chosen = {"base_url": base, "api_key": "a-key", "timeout": 5.0, **settings}
    return open_kb(model=f"{provider}:m", **chosen)


def told(kb: KnowledgeBase) -> Answer:
    """Hold the events of a question to be one with its answer, and return that."""
    events = list(kb.stream(QUESTION))
    answer = events[-1]
    assert isinstance(answer, Answer)
    shown = "".join(event.text for event in events if isinstance(event, Delta))
    assert shown == ("" if answer.refusal else answer.text)
    return whole(answer)


@every_provider
def test_a_whole_reply_has_no_notes(provider: str, open_kb: OpenKB, server: FakeServer) -> None:
    answer = told(served(open_kb, provider, server))
    assert answer.text.startswith("The repair will cost 3.2 million euros. [1] Engineers found 14")
    assert (answer.model, answer.notes) == (f"{provider}:m", ())


@every_provider
@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("401", "refused the key"),
        ("404", "no model 'm'"),
        ("500", "failed"),
        ("silent", "broke off"),
        ("empty", "an empty reply"),
    ],
)
def test_a_model_that_says_nothing_is_told_of_and_the_articles_answer(
    provider: str, mode: str, why: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = mode
    answer = told(served(open_kb, provider, server))
    assert answer.text.startswith("The repair will cost 3.2 million euros. [1]")
    assert answer.model == "quotes"
    (note,) = answer.notes
    assert why in note
    assert note.endswith("So these are the articles' own sentences.")


@every_provider
@pytest.mark.parametrize("mode", ["drop", "cut"])
def test_where_a_server_breaks_off_the_articles_go_on(
    provider: str, mode: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = mode
    server.words = ("The cost of the repair: 3.2 million euros [1].", " It beg", "ins in May [1].")
    answer = told(served(open_kb, provider, server))
    written, *own = answer.sentences
    assert written.text == "The cost of the repair: 3.2 million euros."
    assert own
    assert all(one.text in answer.citations[one.citations[0] - 1].article.text for one in own)
    assert len({citation.quote for citation in answer.citations}) == len(answer.sentences)
    assert answer.model == f"{provider}:m + quotes"
    (note,) = answer.notes
    assert server.address in note
    assert note.endswith("After the sentences written until then come the articles' own.")


@every_provider
def test_of_a_reply_that_was_cut_the_half_sentence_is_not_shown(
    provider: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = "length"
    server.words = (COST, " Engineers found 14 cracks")
    answer = told(served(open_kb, provider, server))
    assert answer.text == "The repair will cost 3.2 million euros. [1]"
    (note,) = answer.notes
    assert "cut off" in note
    assert "more may be missing" in note


@every_provider
def test_a_reply_without_an_end_is_stopped(
    provider: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = "endless"
    server.words = (COST, " And", " so", " on")
    answer = told(served(open_kb, provider, server))
    assert answer.text == "The repair will cost 3.2 million euros. [1]"
    assert server.left.wait(60)
    (note,) = answer.notes
    assert "stopped" in note


def test_a_reply_without_a_full_stop_is_stopped_and_the_articles_answer(
    open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = "endless"
    server.words = (" and so on",)
    answer = told(served(open_kb, "openai", server))
    assert answer.model == "quotes"
    assert "did not come to an end" in answer.notes[0]
    assert server.left.wait(60)


@every_provider
def test_a_reply_of_markers_is_none(provider: str, open_kb: OpenKB, server: FakeServer) -> None:
    server.words = ("[1]", " [2][3]", " 【1】.")
    answer = told(served(open_kb, provider, server))
    assert answer.model == "quotes"
    assert "a reply without words" in answer.notes[0]


@every_provider
def test_bytes_that_are_no_text_are_not_shown(
    provider: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = "bad-utf8"
    server.words = (COST, " It begins so in May [1].", " Engineers found 14 cracks [1].")
    answer = told(served(open_kb, provider, server))
    assert "\N{REPLACEMENT CHARACTER}" not in answer.text
    assert answer.model.endswith("quotes")
    assert len(answer.notes) == 1


@every_provider
def test_a_prompt_that_is_too_long_is_tried_once_more_with_less(
    provider: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = "too-long"
    answer = told(served(open_kb, provider, server))
    assert answer.model == f"{provider}:m"
    (note,) = answer.notes
    assert "too long" in note
    first, second = (str(request["messages"]) for request in server.requests)
    assert len(second) < len(first)


WRONG = "The repair will cost 9.8 million euros [1]."


@every_provider
def test_a_draft_of_which_nothing_holds_is_written_once_more(
    provider: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.first = (f"Short answer: 9.8 million\n{WRONG}",)
    answer = told(served(open_kb, provider, server))
    assert answer.text.startswith("The repair will cost 3.2 million euros. [1] Engineers found 14")
    assert answer.short == ""
    withheld = answer.sentences[0]
    assert (withheld.text, withheld.citations) == ("The repair will cost 9.8 million euros.", ())
    first, second = (str(request["messages"]) for request in server.requests)
    assert "9.8 million" in second
    assert "9.8 million" not in first


def test_it_is_written_no_third_time(open_kb: OpenKB, server: FakeServer) -> None:
    server.words = (WRONG,)
    answer = told(served(open_kb, "openai", server))
    assert answer.refusal is Refusal.UNSUPPORTED
    assert len(server.requests) == 2


def test_a_draft_of_which_something_holds_is_left_as_it_is(
    open_kb: OpenKB, server: FakeServer
) -> None:
    server.words = (WRONG, " ", COST)
    answer = told(served(open_kb, "openai", server))
    assert answer.text == "The repair will cost 3.2 million euros. [1]"
    assert len(server.requests) == 1


def test_a_prompt_that_is_still_too_long_is_told_of(open_kb: OpenKB, server: FakeServer) -> None:
    server.mode = "413"
    kb = served(open_kb, "openai", server)
    assert "no, because" in told(kb).notes[0]


@pytest.mark.parametrize("mode", ["500", "drop", "empty", "bad-utf8"])
def test_without_a_fallback_the_error_is_raised(
    mode: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = mode
    server.words = (COST, " It begins so in May [1].", " And")
    with pytest.raises(ModelError):
        served(open_kb, "openai", server, fallback="none").ask(QUESTION)


@every_provider
def test_closing_stops_a_server_that_writes(
    provider: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = "endless"
    server.words = tuple(f" word{i}" for i in range(1000))
    stream = served(open_kb, provider, server).stream(QUESTION)
    next(stream)
    assert next(stream) == Delta("")
    stream.close()
    assert server.left.wait(60)


@every_provider
def test_a_server_that_is_silent_can_be_stopped(
    provider: str, open_kb: OpenKB, server: FakeServer
) -> None:
    server.mode = "hang"
    stream = served(open_kb, provider, server).stream(QUESTION)
    next(stream)
    assert next(stream) == Delta("")  # comes although the server has said nothing
    stream.close()
    assert not server.released.is_set()


class Failing:
    """A writer that writes a draft, piece by piece, and then fails."""

    name = "failing"
    budget = 300

    def __init__(self, pieces: Iterable[str], error: ModelError | None = None) -> None:
        self.pieces, self.error = pieces, error
        self.asked: list[int] = []

    def write(self, question: str, evidence: Sequence[Evidence]) -> Generator[str, None, None]:
        """Yield the pieces, and raise the error if there is one."""
        self.asked.append(len(evidence))
        yield from self.pieces
        if self.error:
            raise self.error

    def close(self) -> None:
        """Free nothing: there is nothing."""


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        ("", None),
        ("[1]", None),
        ("It will cost 3.", None),
        ("Penguins were sold at the harbour [1]. And", Refusal.UNSUPPORTED),
        ("NOT IN THE SOURCES. And", Refusal.MODEL_DECLINED),
    ],
)
def test_a_cut_reply_is_judged_by_its_whole_sentences(
    draft: str, refusal: Refusal | None, open_kb: OpenKB, tmp_path: Path
) -> None:
    open_kb().close()
    writer = Failing([draft], ReplyCut("It was cut off"))
    with open_knowledge_base(tmp_path / "kb", writer=writer, min_similarity=0.1) as kb:
        answer = told(kb)
    assert answer.refusal is refusal
    assert answer.notes[0].startswith("It was cut off.")


def pieces_of_evidence(*texts: str) -> list[Evidence]:
    article = Article("a", "a.md", "T", " ".join(texts), None, None, None)
    found, start = [], 0
    for number, text in enumerate(texts, 1):
        found.append(Evidence(number, article, "p", start, start + len(text), 0.5, text))
        start += len(text) + 1
    return found


@settings(deadline=None)
@given(st.lists(st.text(st.characters(categories=["L", "P", "Z"]), min_size=1, max_size=30)))
def test_less_evidence_is_tried_once_and_only_if_there_is_some_left(texts: list[str]) -> None:
    evidence = pieces_of_evidence(*texts)
    writer = Failing([], PromptTooLong("too long"))
    with pytest.raises(PromptTooLong):
        list(drafted(writer, "?", Draft(evidence, WordVerifier())))
    first, *second = writer.asked
    assert first == len(texts)
    assert len(second) <= 1
    assert all(0 < fewer < first for fewer in second)


def test_a_piece_longer_than_all_others_is_what_is_left_out() -> None:
    class Short(Failing):
        def write(self, question: str, evidence: Sequence[Evidence]) -> Generator[str, None, None]:
            if len(evidence) == 3:
                raise PromptTooLong("too long")
            yield " ".join(one.text for one in evidence)

    draft = Draft(pieces_of_evidence("x" * 999, "Aa.", "Bb."), WordVerifier())
    done = drafted(Short(()), "?", draft)
    assert [one.text for sentences in done for one in sentences] == ["Aa.", "Bb."]
    assert "read 2 of 3 pieces" in draft.notes[0]


def test_a_writer_that_goes_round_in_circles_is_stopped() -> None:
    draft = Draft((), WordVerifier())
    done = list(drafted(Failing(cycle(["It rained [1]. ", "It was cold [1]. "])), "?", draft))
    said = [one.text for sentences in done for one in sentences]
    assert said == ["It rained.", "It was cold."]
    assert "repeated itself" in draft.notes[0]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["It rained [1]. ", "It was ", "cold. ", "[1]", "\n", "3"])))
def test_no_sentence_is_said_twice(pieces: list[str]) -> None:
    draft = Draft((), WordVerifier())
    said = [one.text for done in drafted(Failing(["And. ", *pieces]), "?", draft) for one in done]
    assert len({text.casefold() for text in said}) == len(said)
