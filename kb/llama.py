"""The same knowledge base as a LlamaIndex retriever and query engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import closing
from typing import Any, Unpack

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import (
    AsyncStreamingResponse,
    Response,
    StreamingResponse,
)
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from index.article import Article, Hit
from kb.answer import Answer, Citation, Delta
from kb.knowledge_base import KnowledgeBase
from kb.record import reference_json
from kb.scope import Scope, Within

__all__ = ["Engine", "Retriever", "hit_node", "query_engine", "response", "retriever"]

# What a model that reads a node need not be told: it costs tokens and says nothing.
_NOT_READ = ["article_id", "uri", "url", "language", "similarity"]


def retriever(
    knowledge_base: KnowledgeBase,
    *,
    limit: int = 10,
    **within: Unpack[Within],
) -> Retriever:
    """Return a LlamaIndex retriever, for its chat engines and agents.

    A node is a passage, cut from its article by ``start_char_idx`` and ``end_char_idx``; its
    metadata says of which article, of when, and how similar it is to the question (``similarity``,
    a cosine; the node's score orders one list only). Raises ``QuestionError`` as ``search`` does.

    Args:
        limit: How many passages at most.
        within: As for ``KnowledgeBase.search``.
    """
    return Retriever(knowledge_base, limit, Scope.of(**within))


def query_engine(
    knowledge_base: KnowledgeBase,
    *,
    streaming: bool = False,
    **within: Unpack[Within],
) -> Engine:
    """Return a LlamaIndex query engine, for its chat engines, agents and evaluators.

    A response's source nodes are the citations, in the order of their numbers, each the exact
    characters that carry the answer; its metadata has ``refusal`` (None for an answer), ``model``,
    ``sentences`` and ``notes``. Raises what ``KnowledgeBase.ask`` raises.

    Args:
        streaming: Whether responses stream, each piece a checked sentence; their source nodes and
            metadata are there once the stream has ended.
        within: As for ``KnowledgeBase.search``.
    """
    return Engine(knowledge_base, streaming, Scope.of(**within))


class Retriever(BaseRetriever):  # type: ignore[misc]  # llama_index is not followed
    """What ``retriever`` returns."""

    def __init__(self, knowledge_base: KnowledgeBase, limit: int, scope: Scope) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._knowledge_base = knowledge_base
        self._limit = limit
        self._scope = scope

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = query_bundle.query_str
        hits = self._knowledge_base.search(question, self._limit, **self._scope.within)
        return [hit_node(hit) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class Engine(BaseQueryEngine):  # type: ignore[misc]  # llama_index is not followed
    """What ``query_engine`` returns."""

    def __init__(self, knowledge_base: KnowledgeBase, streaming: bool, scope: Scope) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._knowledge_base = knowledge_base
        self._streaming = streaming
        self._scope = scope

    def _query(self, query_bundle: QueryBundle) -> Response | StreamingResponse:
        question = query_bundle.query_str
        if not self._streaming:
            return response(self._knowledge_base.ask(question, **self._scope.within))
        nodes, metadata = list[NodeWithScore](), dict[str, Any]()
        return StreamingResponse(self._pieces(question, nodes, metadata), nodes, metadata)

    async def _aquery(self, query_bundle: QueryBundle) -> Response | AsyncStreamingResponse:
        if not self._streaming:
            return await asyncio.to_thread(self._query, query_bundle)
        nodes, metadata = list[NodeWithScore](), dict[str, Any]()
        pieces = self._pieces(query_bundle.query_str, nodes, metadata)
        return AsyncStreamingResponse(_in_threads(pieces), nodes, metadata)

    def _pieces(
        self, question: str, nodes: list[NodeWithScore], metadata: dict[str, Any]
    ) -> Generator[str, None, None]:
        """Return the answer sentence by sentence, or a refusal; nodes and metadata come last."""
        # Begun here, in the span of the query.
        events = self._knowledge_base.stream(question, **self._scope.within)

        def draw() -> Generator[str, None, None]:
            with closing(events):
                for event in events:
                    if isinstance(event, Delta) and event.text:
                        yield event.text
                    elif isinstance(event, Answer):
                        whole = response(event)
                        nodes.extend(whole.source_nodes)
                        metadata.update(whole.metadata)
                        if event.refusal:
                            yield event.text

        return draw()

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


async def _in_threads(pieces: Generator[str, None, None]) -> AsyncIterator[str]:
    """Yield the pieces, each drawn in a thread; closing this closes them."""
    try:
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece
    finally:
        pieces.close()


def response(answer: Answer) -> Response:
    """Return an answer as a response of LlamaIndex, its citations as source nodes."""
    sentences = [
        {"text": one.text, "citations": list(one.citations), "verdict": str(one.verdict)}
        for one in answer.sentences
    ]
    return Response(
        response=answer.text,
        source_nodes=[_cited(citation) for citation in answer.citations],
        metadata={
            "refusal": str(answer.refusal) if answer.refusal else None,
            "model": answer.model,
            "sentences": sentences,
            "notes": list(answer.notes),
        },
    )


def hit_node(hit: Hit) -> NodeWithScore:
    """Return a passage that was found as a node of LlamaIndex."""
    passage = hit.passage
    node = _node(hit.article, passage.id, passage.start, passage.end, hit.score)
    node.metadata["similarity"] = hit.similarity
    if passage.heading:
        node.metadata["heading"] = passage.heading
    return node


def _cited(one: Citation) -> NodeWithScore:
    id = f"{one.passage_id}:{one.start}-{one.end}"
    return _node(one.article, id, one.start, one.end, one.score)


def _node(article: Article, id: str, start: int, end: int, score: float) -> NodeWithScore:
    known = {
        "article_id": article.id,
        **reference_json(article),
        "page": article.page(start),
    }
    del known["id"]
    node = TextNode(
        id_=id,
        text=article.text[start:end],
        start_char_idx=start,
        end_char_idx=end,
        metadata={key: value for key, value in known.items() if value is not None},
        excluded_llm_metadata_keys=_NOT_READ,
        excluded_embed_metadata_keys=_NOT_READ,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=article.id)},
    )
    return NodeWithScore(node=node, score=score)
