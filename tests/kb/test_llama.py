"""The knowledge base as parts of LlamaIndex, inside its own chat engines and agents."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from index.article import Article, Hit, Passage
from kb import KnowledgeBase, llama
from kb.errors import QuestionError
from tests.conftest import OpenKB

COST = "How much will the repair of the bridge at Ostrava cost?"
SENTENCE = "The repair will cost 3.2 million euros."
NOTHING = "Who won the chess championship in Reykjavik?"

# LlamaIndex's agents use what pydantic and its own workflows deprecate.
an_agent = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")


def scripted(reply: Callable[[Sequence[Any]], Any]) -> Any:
    """Return LlamaIndex's own double of a model, which says what ``reply`` makes of messages."""
    from llama_index.core.llms.mock import MockFunctionCallingLLM

    return MockFunctionCallingLLM(
        response_generator=lambda messages, **_: reply(messages), is_chat_model=True
    )


def memory() -> Any:
    """Return a memory that opens no database: the usual one leaves its open."""
    from llama_index.core.memory import ChatMemoryBuffer

    return ChatMemoryBuffer.from_defaults(token_limit=2_000)


def assistant(text: str) -> Any:
    from llama_index.core.llms import ChatMessage

    return ChatMessage(role="assistant", content=text)


def test_nodes_are_slices_of_their_articles(open_kb: OpenKB) -> None:
    kb = open_kb()
    nodes = llama.retriever(kb, limit=2).retrieve("What will the repair of the bridge cost?")
    assert nodes[0].node.metadata["title"] == "The bridge at Ostrava"
    assert nodes[0].node.metadata["language"] == "en"
    assert nodes[0].node.metadata["similarity"] <= 1
    assert "page" not in nodes[0].node.metadata
    for found in nodes:
        article = kb.article(found.node.metadata["article_id"])
        assert article.text[found.node.start_char_idx : found.node.end_char_idx] == found.node.text
        assert found.node.ref_doc_id == article.id
    assert len({found.node.node_id for found in nodes}) == len(nodes)


def test_a_model_reads_title_source_and_date_of_a_node_but_no_ids(open_kb: OpenKB) -> None:
    from llama_index.core.schema import MetadataMode

    (found, *_) = llama.retriever(open_kb()).retrieve(COST)
    read = found.node.get_content(MetadataMode.LLM)
    assert "Sample Post" in read
    assert "2024-03-05" in read
    assert found.node.metadata["article_id"] not in read
    assert "similarity" not in read


def test_a_node_says_its_page() -> None:
    text = "The first page.\nThe second page."
    article = Article(id="a", uri="u.pdf", title="T", text=text, pages=(0, 16))
    passage = Passage("p", "a", 16, 32, text[16:], heading="Two")

    class Paged:
        def search(self, question: str, limit: int = 10, **options: object) -> list[Hit]:
            return [Hit(passage, article, 1.0, 0.5)]

    (node,) = llama.retriever(cast("KnowledgeBase", Paged())).retrieve("Which?")
    assert node.node.metadata["page"] == 2
    assert node.node.metadata["heading"] == "Two"


def test_only_what_the_filters_let_through_is_found(open_kb: OpenKB) -> None:
    kb = open_kb()
    found = llama.retriever(kb, sources=iter(["sample post"]), since="2024-01-01")
    for _ in range(2):
        titles = {node.node.metadata["title"] for node in found.retrieve("bridge otters Odra")}
        assert titles == {"The bridge at Ostrava"}
    assert llama.retriever(kb, until="2024-01-01").retrieve(COST) == []
    assert llama.retriever(kb, as_of="2024-01-01").retrieve(COST) == []
    refused = llama.query_engine(kb, until="2024-01-01").query(COST)
    assert refused.metadata["refusal"] == "no_evidence"
    with pytest.raises(QuestionError):
        llama.retriever(kb, since="yesterday-ish").retrieve(COST)


def test_a_response_has_the_citations_as_its_source_nodes(open_kb: OpenKB) -> None:
    engine = llama.query_engine(open_kb())
    response = engine.query(COST)
    assert SENTENCE in str(response)
    assert response.source_nodes[0].node.text == SENTENCE
    assert response.metadata["refusal"] is None
    assert response.metadata["notes"] == []
    refused = asyncio.run(engine.aquery(NOTHING))
    assert refused.metadata["refusal"] == "no_evidence"
    assert refused.source_nodes == []


def test_a_streamed_response_is_the_same_as_a_whole_one(open_kb: OpenKB) -> None:
    kb = open_kb()
    for question in (COST, NOTHING):
        whole = llama.query_engine(kb).query(question)
        streamed = llama.query_engine(kb, streaming=True).query(question)
        assert "".join(streamed.response_gen) == whole.response
        assert streamed.source_nodes == whole.source_nodes
        assert streamed.metadata == whole.metadata


def test_the_async_twins_answer_as_well(open_kb: OpenKB) -> None:
    kb = open_kb()

    async def ask() -> tuple[list[Any], Any]:
        streamed = await llama.query_engine(kb, streaming=True).aquery(COST)
        return await llama.retriever(kb).aretrieve(COST), await streamed.get_response()

    nodes, response = asyncio.run(ask())
    assert nodes == llama.retriever(kb).retrieve(COST)
    assert response.response == llama.query_engine(kb).query(COST).response
    assert response.source_nodes[0].node.text == SENTENCE


def test_an_async_stream_that_is_left_closes_the_question(open_kb: OpenKB) -> None:
    kb = open_kb(f"{SENTENCE} [1] It begins in May [1]. " * 3)

    async def first() -> str:
        streamed = await llama.query_engine(kb, streaming=True).aquery(COST)
        piece: str = await anext(streamed.response_gen)
        await streamed.response_gen.aclose()
        return piece

    assert asyncio.run(first()) == f"{SENTENCE} [1]"


@pytest.mark.parametrize("kind", ["ContextChatEngine", "CondensePlusContextChatEngine"])
def test_stock_chat_engines_read_the_passages(kind: str, open_kb: OpenKB) -> None:
    from llama_index.core import chat_engine

    read: list[str] = []

    def reply(messages: Sequence[Any]) -> Any:
        read.append("\n".join(str(message.content) for message in messages))
        return assistant("3.2 million euros.")

    chat = getattr(chat_engine, kind).from_defaults(
        retriever=llama.retriever(open_kb(), limit=2), llm=scripted(reply), memory=memory()
    )
    answer = chat.chat(COST)
    assert str(answer) == "3.2 million euros."
    assert SENTENCE in read[0]
    assert any(SENTENCE in node.node.text for node in answer.source_nodes)
    streamed = chat.stream_chat("And when does it begin, the repair of the bridge?")
    assert "".join(streamed.response_gen) == "3.2 million euros."
    assert "begins in May" in read[-1]
    asked = asyncio.run(chat.achat("Who counted otters along the Odra?"))
    assert str(asked) == "3.2 million euros."
    assert "31 otters" in read[-1]


def test_a_stock_chat_engine_asks_the_query_engine(open_kb: OpenKB) -> None:
    from llama_index.core.chat_engine import CondenseQuestionChatEngine

    kb, llm = open_kb(), scripted(lambda messages: assistant(""))
    chat = CondenseQuestionChatEngine.from_defaults(
        llama.query_engine(kb), llm=llm, memory=memory()
    )
    answer = chat.chat(COST)
    assert SENTENCE in str(answer)
    assert answer.source_nodes[0].node.text == SENTENCE
    streaming = llama.query_engine(kb, streaming=True)
    chat = CondenseQuestionChatEngine.from_defaults(streaming, llm=llm, memory=memory())
    assert SENTENCE in "".join(chat.stream_chat(COST).response_gen)


def tool(kb: KnowledgeBase) -> Any:
    from llama_index.core.tools import QueryEngineTool

    return QueryEngineTool.from_defaults(llama.query_engine(kb), "articles", "Cited answers.")


@an_agent
def test_a_stock_function_agent_uses_it_as_a_tool(open_kb: OpenKB) -> None:
    from llama_index.core.agent.workflow import FunctionAgent
    from llama_index.core.base.llms.types import ToolCallBlock
    from llama_index.core.llms import ChatMessage

    def reply(messages: Sequence[Any]) -> Any:
        if messages[-1].role == "tool":
            return assistant(f"The articles say: {messages[-1].content}")
        call = ToolCallBlock(tool_call_id="1", tool_name="articles", tool_kwargs={"input": COST})
        return ChatMessage(role="assistant", blocks=[call])

    async def run() -> Any:
        agent = FunctionAgent(tools=[tool(open_kb())], llm=scripted(reply))
        return await agent.run("What about the bridge?", memory=memory())

    done = asyncio.run(run())
    assert f"The articles say: {SENTENCE} [1]" in str(done)
    (call,) = done.tool_calls
    assert call.tool_output.raw_output.source_nodes[0].node.text == SENTENCE


@an_agent
def test_a_stock_react_agent_uses_it_as_a_tool(open_kb: OpenKB) -> None:
    from llama_index.core.agent.workflow import ReActAgent

    def reply(messages: Sequence[Any]) -> Any:
        said = str(messages[-1].content)
        if "Observation:" in said:
            return assistant(f"Thought: I can answer.\nAnswer: {said.split('Observation:')[1]}")
        return assistant(f'Thought: I look.\nAction: articles\nAction Input: {{"input": "{COST}"}}')

    async def run() -> Any:
        agent = ReActAgent(tools=[tool(open_kb())], llm=scripted(reply))
        return await agent.run("What about the bridge?", memory=memory())

    assert SENTENCE in str(asyncio.run(run()))
