"""A question as a tree of LlamaIndex's spans, with its events, for who listens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kb import Answer
from kb.errors import ModelError
from tests.conftest import OpenKB
from tests.kb.models.fake_server import FakeServer, serving

QUESTION = "How much will the repair of the bridge at Ostrava cost?"
DRAFT = "The repair will cost 3.2 million euros [1]. Engineers found 14 cracks in its piers [1]."


class Trace:
    """What a handler of spans and one of events have heard."""

    def __init__(self) -> None:
        from llama_index.core.instrumentation.event_handlers import BaseEventHandler
        from llama_index.core.instrumentation.span_handlers import SimpleSpanHandler

        events = self.events = list[Any]()

        class Hearing(BaseEventHandler):  # type: ignore[misc]  # llama_index is not followed
            def handle(self, event: Any, **options: Any) -> None:
                events.append(event)

        self.spans, self.hearing = SimpleSpanHandler(), Hearing()

    def tree(self) -> dict[str, str | None]:
        """Return the names of the spans, each with its parent's, in the order of their ends."""
        ended = self.spans.completed_spans + self.spans.dropped_spans
        return {str(_name(span.id_)): _name(span.parent_id) for span in ended}

    def said(self, span: str) -> list[str]:
        """Return the kinds of the events within a span of this name, in order."""
        return [e.class_name() for e in self.events if _name(e.span_id) == span]


def _name(id: str | None) -> str | None:
    return id.partition("-")[0] if id else None


@pytest.fixture
def trace() -> Iterator[Trace]:
    """Listen to everything that is told while a test runs."""
    from llama_index.core.instrumentation import get_dispatcher

    heard, root = Trace(), get_dispatcher()
    spans, events = list(root.span_handlers), list(root.event_handlers)
    root.add_span_handler(heard.spans)
    root.add_event_handler(heard.hearing)
    yield heard
    root.span_handlers[:], root.event_handlers[:] = spans, events
    assert heard.spans.open_spans == {}, "no span is left open"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A fake server whose words the articles carry."""
    with serving() as fake:
        fake.words = (DRAFT,)
        yield fake


def test_a_question_is_a_tree_of_spans(open_kb: OpenKB, trace: Trace) -> None:
    answer = open_kb(DRAFT, reranker="sentences").ask(QUESTION)
    assert trace.tree() == {
        "rerank": "retrieve",
        "retrieve": "query",
        "synthesize": "query",
        "query": None,
    }
    assert trace.said("query") == ["QueryStartEvent", "QueryEndEvent"]
    assert trace.said("retrieve") == ["RetrievalStartEvent", "RetrievalEndEvent"]
    assert trace.said("rerank") == ["ReRankStartEvent", "ReRankEndEvent"]
    assert trace.said("synthesize") == ["SynthesizeStartEvent", "SynthesizeEndEvent"]
    told = {event.class_name(): event for event in trace.events}
    assert told["QueryStartEvent"].query == QUESTION
    assert told["RetrievalEndEvent"].nodes[0].node.metadata["title"] == "The bridge at Ostrava"
    assert told["ReRankStartEvent"].model_name == "sentences"
    assert told["QueryEndEvent"].response.response == answer.text
    cited = [node.node.text for node in told["SynthesizeEndEvent"].response.source_nodes]
    assert cited == [citation.quote for citation in answer.citations]


@pytest.mark.parametrize("provider", ["openai", "ollama", "anthropic"])
def test_a_model_is_heard_within(
    provider: str, open_kb: OpenKB, trace: Trace, server: FakeServer
) -> None:
    base = f"{server.address}/v1" if provider == "openai" else server.address
    open_kb(model=f"{provider}:m", base_url=base, api_key="k").ask(QUESTION)
    (name,) = {one for one in trace.tree() if one.endswith(".stream_chat")}
    first = next(s for s in trace.spans.completed_spans[::-1] if _name(s.parent_id) == "synthesize")
    assert _name(first.id_) == name
    assert {"LLMChatStartEvent", "LLMChatEndEvent"} <= set(trace.said(name))
    ended = next(event for event in trace.events if event.class_name() == "LLMChatEndEvent")
    assert ended.response.message.content == DRAFT


def test_a_question_that_is_refused_has_ended_too(open_kb: OpenKB, trace: Trace) -> None:
    open_kb().ask("Who won the chess championship in Reykjavik?")
    assert trace.tree()["query"] is None
    assert trace.spans.dropped_spans == []


def test_a_stream_that_is_closed_drops_its_spans(open_kb: OpenKB, trace: Trace) -> None:
    stream = open_kb(DRAFT).stream(QUESTION)
    next(stream)
    next(stream)
    stream.close()
    assert {_name(span.id_) for span in trace.spans.dropped_spans} == {"query", "synthesize"}
    assert trace.said("query")[-1] == "SpanDropEvent"
    open_kb(DRAFT).stream(QUESTION).close()  # not begun: nothing to tell


def test_whoever_has_the_answer_may_close_the_stream(open_kb: OpenKB, trace: Trace) -> None:
    for event in (stream := open_kb(DRAFT).stream(QUESTION)):
        if isinstance(event, Answer):
            break
    stream.close()
    assert trace.spans.dropped_spans == []


def test_an_error_drops_the_spans(open_kb: OpenKB, trace: Trace, server: FakeServer) -> None:
    server.mode = "500"
    kb = open_kb(model="openai:m", base_url=f"{server.address}/v1", api_key="k", fallback="none")
    with pytest.raises(ModelError):
        kb.ask(QUESTION)
    dropped = {_name(span.id_): span.metadata["error"] for span in trace.spans.dropped_spans}
    assert dropped.keys() == {"query", "synthesize"}
    assert "500" in dropped["query"]


def test_two_questions_at_once_and_in_any_threads_keep_their_own_spans(
    open_kb: OpenKB, trace: Trace
) -> None:
    from llama_index.core.instrumentation.span import active_span_id

    kb = open_kb(DRAFT)
    streams = [kb.stream(QUESTION) for _ in range(2)]
    for _ in range(200):  # more than there are events
        for stream in streams:
            with ThreadPoolExecutor(1) as elsewhere:
                event = elsewhere.submit(next, stream, None).result()
            assert active_span_id.get() is None
    assert event is None
    ended = trace.spans.completed_spans
    assert Counter(_name(span.id_) for span in ended) == dict.fromkeys(trace.tree(), 2)
    below = Counter(span.parent_id for span in ended)
    assert sorted(below.values()) == [2, 2, 2]


def test_spans_are_below_the_one_that_is_open_where_the_question_is_asked(
    open_kb: OpenKB, trace: Trace
) -> None:
    from kb.llama import query_engine

    streamed = query_engine(open_kb(DRAFT), streaming=True).query(QUESTION)
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(str, streamed).result().startswith("The repair")
    assert trace.tree()["query"] == "Engine._query"
    assert trace.tree()["Engine._query"] == "Engine.query"


def test_without_llamaindex_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys; from kb import open_knowledge_base as open_it\n"
        "with open_it(sys.argv[1], model='quotes', embedder='hashing') as kb: kb.ask('Is it so?')\n"
        "print([name for name in sys.modules if name.startswith('llama_index')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        timeout=120,
    )
    assert done.stdout.strip() == "[]", done.stderr
