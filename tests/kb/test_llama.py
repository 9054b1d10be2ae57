"""The knowledge base as parts of LlamaIndex."""

from __future__ import annotations

import asyncio

from kb.llama import Engine, Retriever
from tests.conftest import OpenKB


def test_nodes_are_slices_of_their_articles(open_kb: OpenKB) -> None:
    kb = open_kb()
    nodes = Retriever(kb, limit=2).retrieve("What will the repair of the bridge cost?")
    assert nodes[0].node.metadata["title"] == "The bridge at Ostrava"
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
