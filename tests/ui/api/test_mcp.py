"""The tools of the Model Context Protocol, tried with the ``mcp`` client."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from kb import KnowledgeBase
from kb.access import Access, Scope
from kb.users import Users
from tests.conftest import OpenKB
from tests.ui.api.conftest import HERE, Serve
from tests.ui.api.test_questions import COST, without_times
from ui.api.service import Limits
from ui.gate import Keys
from ui.mcp import build_mcp
from ui.wire import answer_json

HEADERS = {"Accept": "application/json, text/event-stream"}


def talk(server: Any, said: Callable[[Any], Awaitable[Any]]) -> Any:
    """Return what comes of talking to a server."""
    from mcp.client import Client

    async def talked() -> Any:
        async with Client(server) as client:
            return await said(client)

    return asyncio.run(talked())


def called(kb: KnowledgeBase, tool: str, **arguments: Any) -> Any:
    return talk(build_mcp(kb), lambda client: client.call_tool(tool, arguments))


def test_the_tools_are_described(open_kb: OpenKB) -> None:
    listed = talk(build_mcp(open_kb()), lambda client: client.list_tools())
    assert {one.name for one in listed.tools} == {"search", "ask", "read_article", "cite"}
    assert all(one.description and one.annotations.read_only_hint for one in listed.tools)


def test_an_answer_is_that_of_the_knowledge_base(open_kb: OpenKB) -> None:
    kb = open_kb()
    told = called(kb, "ask", question=COST).structured_content
    assert without_times(told) == without_times(json.loads(json.dumps(answer_json(kb.ask(COST)))))


def test_a_search_a_text_and_an_article(open_kb: OpenKB) -> None:
    kb = open_kb()
    found = called(kb, "search", question="bridge", limit=1, sources=["Sample Post"])
    (hit,) = found.structured_content["hits"]
    article = hit["article"]["id"]
    read = called(kb, "read_article", id=article, start=4, characters=10).structured_content
    assert (read["text"], read["start"]) == (kb.article(article).text[4:14], 4)
    assert read["length"] == len(kb.article(article).text)
    cited = called(kb, "cite", text="The repair will cost 3.2 million euros.").structured_content
    assert cited["sentences"][0]["verdict"] == "supported"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("read_article", {"id": "none"}),
        ("ask", {"question": " "}),
        ("search", {"question": "bridge", "since": "soon"}),
    ],
)
def test_what_fails_is_told_to_the_model(
    open_kb: OpenKB, tool: str, arguments: dict[str, str]
) -> None:
    told = called(open_kb(), tool, **arguments)
    assert told.is_error
    assert len(told.content[0].text) > 10


def test_it_is_spoken_over_http(open_kb: OpenKB, serve: Serve) -> None:
    client = serve(open_kb())
    call = {"name": "ask", "arguments": {"question": COST}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    told = client.post("/mcp/", json=asked, headers=HEADERS).json()
    answer = told["result"]["structuredContent"]
    assert answer["citations"][0]["quote"] == "The repair will cost 3.2 million euros."


def test_it_is_spoken_over_standard_input_and_output(open_kb: OpenKB, tmp_path: Path) -> None:
    from mcp import StdioServerParameters

    open_kb().close()
    arguments = ["-m", "ui.cli", "mcp", "--home", str(tmp_path / "kb"), "--model", "quotes"]
    started = StdioServerParameters(
        command=sys.executable, args=arguments, env={"KB_MIN_SIMILARITY": "0.1"}
    )
    told = talk(started, lambda client: client.call_tool("ask", {"question": COST}))
    assert told.structured_content["refusal"] is None


def ask_over_http(client: Any, headers: dict[str, str] | None = None) -> Any:
    call = {"name": "ask", "arguments": {"question": COST}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    return client.post("/mcp/", json=asked, headers={**HEADERS, **(headers or {})}).json()["result"]


def test_each_caller_has_a_place_of_their_own(
    open_kb: OpenKB, serve: Serve, access: Access, users: Users
) -> None:
    """The places of one who has taken all that one may are not those of another."""
    client = serve(open_kb(), keys=Keys(access, users), limits=Limits(seats=9, each=2))
    secrets = {name: access.create(name, Scope.READ)[0] for name in ("greedy", "modest")}
    desk = client.app.state.service.desk
    tickets = [desk.enter("greedy") for _ in range(2)]
    told = {
        name: ask_over_http(client, {"Authorization": f"Bearer {secret}"})
        for name, secret in secrets.items()
    }
    assert "As many questions are waiting" in told["greedy"]["content"][0]["text"]
    assert told["greedy"]["isError"]
    assert told["modest"]["structuredContent"]["citations"]
    for ticket in tickets:
        ticket.leave()
    assert desk.served == 0


def test_where_nobody_is_asked_it_is_the_address_that_counts(open_kb: OpenKB, serve: Serve) -> None:
    from starlette.testclient import TestClient

    client = serve(open_kb(), limits=Limits(requests=2))
    other = TestClient(client.app, base_url=HERE, client=("192.0.2.7", 50_000))
    assert [bool(ask_over_http(client).get("isError")) for _ in range(3)] == [False, False, True]
    assert "requests a minute" in ask_over_http(client)["content"][0]["text"]
    assert not ask_over_http(other).get("isError")
    assert client.post("/api/v1/search", json={"question": COST}).status_code == 429
    assert other.post("/api/v1/search", json={"question": COST}).status_code == 200


def test_the_context_is_nothing_that_a_model_gives(open_kb: OpenKB) -> None:
    listed = talk(build_mcp(open_kb()), lambda client: client.list_tools())
    assert not [one for one in listed.tools if "context" in one.input_schema["properties"]]
