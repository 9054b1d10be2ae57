"""The same knowledge base as a LlamaIndex retriever and query engine."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.article import Article
from kb.answer import Citation
from kb.knowledge_base import KnowledgeBase

__all__ = ["Engine", "Retriever"]


def _node(article: Article, id: str, start: int, end: int, score: float) -> NodeWithScore:
    known = {
        "article_id": article.id,
        "uri": article.uri,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published_at": article.published_at,
        "url": article.url,
        "language": article.language,
        "page": article.page(start),
    }
    node = TextNode(
        id_=id,
        text=article.text[start:end],
        start_char_idx=start,
        end_char_idx=end,
        metadata={key: value for key, value in known.items() if value is not None},
    )
    return NodeWithScore(node=node, score=score)


class Retriever(BaseRetriever):  # type: ignore[misc]  # llama_index is not followed
    """Returns passages as nodes: offsets into the article, and its metadata.

    Args:
        limit: How many passages at most.
    """

    def __init__(self, knowledge_base: KnowledgeBase, limit: int = 10) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._knowledge_base = knowledge_base
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            _node(hit.article, hit.passage.id, hit.passage.start, hit.passage.end, hit.score)
            for hit in self._knowledge_base.search(query_bundle.query_str, self._limit)
        ]


class Engine(BaseQueryEngine):  # type: ignore[misc]  # llama_index is not followed
    """Answers with a ``Response`` whose source nodes are the citations, in order.

    The response's metadata has ``refusal`` (None for an answer), ``model`` and ``sentences``.
    """

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._knowledge_base = knowledge_base

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._knowledge_base.ask(query_bundle.query_str)
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
            },
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        import asyncio

        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def _cited(one: Citation) -> NodeWithScore:
    id = f"{one.passage_id}:{one.start}-{one.end}"
    return _node(one.article, id, one.start, one.end, one.score)
