"""The knowledge base as parts of LlamaIndex."""

from __future__ import annotations

import asyncio
from typing import cast

from index.article import Article, Hit, Passage
from kb import KnowledgeBase
from kb.llama import Engine, Retriever
from tests.conftest import OpenKB


def test_nodes_are_slices_of_their_articles(open_kb: OpenKB) -> None:
    kb = open_kb()
    nodes = Retriever(kb, limit=2).retrieve("What will the repair of the bridge cost?")
    assert nodes[0].node.metadata["title"] == "The bridge at Ostrava"
    assert nodes[0].node.metadata["language"] == "en"
    assert "page" not in nodes[0].node.metadata
    for found in nodes:
        text = kb.article(found.node.metadata["article_id"]).text
        assert text[found.node.start_char_idx : found.node.end_char_idx] == found.node.text
    assert len({found.node.node_id for found in nodes}) == len(nodes)


def test_a_response_has_the_citations_as_its_source_nodes(open_kb: OpenKB) -> None:
    engine = Engine(open_kb())
    response = engine.query("How much will the repair of the bridge at Ostrava cost?")
    assert "3.2 million euros" in str(response)
    assert response.source_nodes[0].node.text == "The repair will cost 3.2 million euros."
    assert response.metadata["refusal"] is None
    refused = asyncio.run(engine.aquery("Who won the chess championship in Reykjavik?"))
    assert refused.metadata["refusal"] == "no_evidence"
    assert refused.source_nodes == []


def test_a_node_says_its_page() -> None:
    text = "The first page.\nThe second page."
    article = Article(id="a", uri="u.pdf", title="T", text=text, pages=(0, 16))
    passage = Passage("p", "a", 16, 32, text[16:])

    class Paged:
        def search(self, question: str, limit: int = 10, **options: object) -> list[Hit]:
            return [Hit(passage, article, 1.0, 0.5)]

    (node,) = Retriever(cast("KnowledgeBase", Paged())).retrieve("Which?")
    assert node.node.metadata["page"] == 2
