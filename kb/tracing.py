"""The chain as spans and events of LlamaIndex, from which OpenInference makes a trace.

A question is a span ``query`` around ``retrieve``, in which may be a ``rerank``, and
``synthesize``, in which a language model opens its own. Nothing is imported for their sake: they
are told only where LlamaIndex is in use and a handler listens.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from contextvars import copy_context
from importlib import import_module
from inspect import Parameter, Signature
from typing import Any
from uuid import uuid4

from index.article import Hit
from index.protocols import Reranker
from kb.answer import Answer, Event, Found

__all__ = ["Reranked", "traced"]

_INSTRUMENTATION = "llama_index.core.instrumentation"
_ASKED = Signature([Parameter("question", Parameter.POSITIONAL_ONLY)])


def traced(question: str, events: Generator[Event, None, None]) -> Generator[Event, None, None]:
    """Return the events of a question, told as spans if a handler listens.

    The spans are below the one that is open where this is called, whoever draws the events later
    and in whatever threads. If they are not drawn to their end, the spans are dropped.
    """
    dispatcher = _dispatcher()
    if dispatcher is None:
        return events
    return _in_one_context(_told(dispatcher, question, events))


class Reranked:
    """A ``Reranker`` whose work is told as a span if a handler listens."""

    def __init__(self, reranker: Reranker, name: str) -> None:
        self._reranker = reranker
        self._name = name

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return what the reranker does."""
        dispatcher = _dispatcher()
        if dispatcher is None:
            return self._reranker.rerank(question, hits)
        from llama_index.core.instrumentation.events.rerank import ReRankEndEvent, ReRankStartEvent

        from kb.llama import hit_node

        with _span(dispatcher, "rerank", question) as results:
            nodes = [hit_node(hit) for hit in hits]
            dispatcher.event(
                ReRankStartEvent(
                    query=question, nodes=nodes, top_n=len(nodes), model_name=self._name
                )
            )
            found = self._reranker.rerank(question, hits)
            results.append([hit_node(hit) for hit in found])
            dispatcher.event(ReRankEndEvent(nodes=results[0]))
        return found


def _dispatcher() -> Any | None:
    """Return LlamaIndex's dispatcher for this module; None if nobody listens."""
    if _INSTRUMENTATION not in sys.modules:
        return None
    instrumentation = import_module(_INSTRUMENTATION)  # another thread may just be importing it
    deaf = (instrumentation.NullEventHandler, instrumentation.NullSpanHandler)
    own = one = instrumentation.get_dispatcher(__name__)
    while all(isinstance(handler, deaf) for handler in (*one.event_handlers, *one.span_handlers)):
        if not one.propagate:
            return None
        one = one.parent
    return own


def _told(
    dispatcher: Any, question: str, events: Generator[Event, None, None]
) -> Generator[Event, None, None]:
    """Yield the events; the spans have ended before the last, the answer, is yielded."""
    from llama_index.core.instrumentation.events import query, retrieval, synthesis

    from kb.llama import hit_node, response

    with closing(events), _span(dispatcher, "query", question) as responses:
        dispatcher.event(query.QueryStartEvent(query=question))
        with _span(dispatcher, "retrieve", question) as results:
            dispatcher.event(retrieval.RetrievalStartEvent(str_or_query_bundle=question))
            found = next(events)
            assert isinstance(found, Found)
            results.append([hit_node(hit) for hit in found.hits])
            dispatcher.event(
                retrieval.RetrievalEndEvent(str_or_query_bundle=question, nodes=results[0])
            )
        yield found
        with _span(dispatcher, "synthesize", question) as results:
            dispatcher.event(synthesis.SynthesizeStartEvent(query=question))
            for event in events:
                if isinstance(event, Answer):
                    answer = event
                else:
                    yield event
            results.append(response(answer))
            dispatcher.event(synthesis.SynthesizeEndEvent(query=question, response=results[0]))
        responses += results
        dispatcher.event(query.QueryEndEvent(query=question, response=results[0]))
    yield answer


def _in_one_context(events: Generator[Event, None, None]) -> Generator[Event, None, None]:
    """Return the events, all drawn in a copy of the context in which this is called.

    A generator runs in the context of whoever draws it, and so its spans would be open there too,
    between two events, or could not be closed from another thread.
    """
    context = copy_context()

    def draw() -> Generator[Event, None, None]:
        try:
            while (event := context.run(next, events, None)) is not None:
                yield event
        finally:
            context.run(events.close)

    return draw()


@contextmanager
def _span(dispatcher: Any, name: str, question: str) -> Iterator[list[Any]]:
    """Open a span, and exit it with the result that was put into the list, or drop it."""
    from llama_index.core.instrumentation.events.span import SpanDropEvent
    from llama_index.core.instrumentation.span import active_span_id

    id, asked, results = f"{name}-{uuid4()}", _ASKED.bind(question), list[Any]()
    parent = active_span_id.get()
    token = active_span_id.set(id)
    dispatcher.span_enter(id_=id, bound_args=asked, parent_id=parent)
    try:
        yield results
    except BaseException as error:
        dispatcher.event(SpanDropEvent(span_id=id, err_str=str(error)))
        dispatcher.span_drop(id_=id, bound_args=asked, err=error)
        raise
    else:
        dispatcher.span_exit(id_=id, bound_args=asked, result=results[-1])
    finally:
        active_span_id.reset(token)
