"""``python -m tests.bench.stock EVAL [--limit N] [--seed S]``: stock parts, by the same rules.

LlamaIndex's ``CitationQueryEngine`` as its documentation sets it up, with this program's embedder
and local model, asked the questions that ``kb eval EVAL --answers`` draws, and judged as it judges.
Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.query_engine import CitationQueryEngine

from index.article import Article
from index.embedders import open_embedder
from index.protocols import Embedder
from index.readers.canonical import canonical
from kb import load_settings
from kb.answer import Answer, Citation, Refusal, Sentence, Verdict
from kb.evaluate import Asked, Evaluation
from kb.evaluate.answers import answer_values
from kb.evaluate.asking import drawn
from kb.evaluate.dataset import CORPUS, Question, load_evaluation_set
from kb.evaluate.rows import rows
from kb.models import open_llm
from kb.prompt import declines
from kb.verify import WordVerifier

_TOKENS = 200  # of a chunk: the embedder reads 256
_OVERLAP = 20
_CHUNKS = 4
_MARKER = re.compile(r"\[(\d+)\]")


class _Embedding(BaseEmbedding):  # type: ignore[misc]  # llama_index is not followed
    """This program's embedder as LlamaIndex takes one."""

    embedder: Any

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors = cast(Embedder, self.embedder).embed_documents(texts)
        return [[float(one) for one in vector] for vector in vectors]

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(one) for one in cast(Embedder, self.embedder).embed_query(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _articles(corpus: Path) -> dict[str, Article]:
    found = {}
    for row in rows(corpus):
        id, text = row.needed("id"), canonical(row.text("text"))
        found[id] = Article(id, f"{corpus.name}#{id}", row.text("title"), text)
    return found


def _engine(articles: Mapping[str, Article]) -> BaseQueryEngine:
    settings = load_settings()
    documents = [
        Document(text=one.text, id_=one.id, metadata={"article": one.id})
        for one in articles.values()
        if one.text
    ]
    for one in documents:
        one.excluded_embed_metadata_keys = one.excluded_llm_metadata_keys = ["article"]
    index = VectorStoreIndex.from_documents(
        documents,
        embed_model=_Embedding(embedder=open_embedder("minilm", settings.models_dir)),
        transformations=[SentenceSplitter(chunk_size=_TOKENS, chunk_overlap=_OVERLAP)],
    )
    return CitationQueryEngine.from_args(
        index,
        llm=open_llm("local", settings),
        similarity_top_k=_CHUNKS,
        citation_chunk_size=_TOKENS,
        citation_chunk_overlap=_OVERLAP,
    )


def _answered(engine: BaseQueryEngine, question: str, articles: Mapping[str, Article]) -> Answer:
    begun = time.perf_counter()
    response = engine.query(question)
    took = (time.perf_counter() - begun) * 1000
    text = str(response).strip()
    citations = _citations(text, response.source_nodes, articles)
    refused = declines(text) or not text
    numbers = () if refused else tuple(one.number for one in citations)
    # An Answer has citations or a refusal, never neither; this one may have neither.
    answer = SimpleNamespace(
        text=text,
        short="",
        citations=() if refused else citations,
        sentences=(Sentence(_MARKER.sub("", text), numbers, Verdict.PARTIAL, 0.0),),
        refusal=Refusal.MODEL_DECLINED if refused else None,
        timings={"total_ms": took, "first_token_ms": took},
        usage={},
        confidence=None,
    )
    return cast(Answer, answer)


def _citations(
    text: str, nodes: Sequence[Any], articles: Mapping[str, Article]
) -> tuple[Citation, ...]:
    """Return the chunks that the answer's markers name, where they are found in their articles."""
    found = []
    for number in dict.fromkeys(int(one) for one in _MARKER.findall(text)):
        if not 1 <= number <= len(nodes):
            continue
        node = nodes[number - 1].node
        chunk = node.get_content().partition(":\n")[2].strip()
        article = articles[node.metadata["article"]]
        start = article.text.find(chunk)
        if start >= 0 and chunk:
            end = start + len(chunk)
            found.append(Citation(number, article, node.node_id, start, end, 0.0))
    return tuple(found)


def _measured(questions: Sequence[Question], folder: Path, seed: int) -> Evaluation:
    articles = _articles(folder / CORPUS)
    engine = _engine(articles)
    asked = []
    for question in questions:
        answer = _answered(engine, question.question, articles)
        values = answer_values(question, answer, WordVerifier())
        asked.append(Asked(question.id, question.type, values, answer.text))
    return Evaluation(folder.name, "", {"model": "stock"}, tuple(asked), seed=seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval", type=Path, help="folder of an evaluation set")
    parser.add_argument("--limit", type=int, help="only so many questions, drawn evenly")
    parser.add_argument("--seed", type=int, default=0, help="of the drawing")
    chosen = parser.parse_args()
    questions = drawn(load_evaluation_set(chosen.eval), chosen.limit, chosen.seed)
    found = _measured(questions, chosen.eval, chosen.seed)
    figures = {name: round(one.value, 4) for name, one in found.metrics().items()}
    print(json.dumps({"set": found.set, "n": len(found.questions), **figures}, indent=2))


if __name__ == "__main__":
    main()
