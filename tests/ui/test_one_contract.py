"""The same question through every door, and after a restart: one answer, to the last character."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.conftest import OpenKB
from tests.ui.api.test_questions import events
from ui.wire import answer_json, hits_json

QUESTION = "How much will the repair of the bridge at Ostrava cost?"
ENVIRONMENT = {**os.environ, "KB_MIN_SIMILARITY": "0.1", "KB_MODEL": "quotes"}


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a home in a process of its own; give its address."""
    arguments = [sys.executable, "-m", "ui.cli", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split(" at ")[1].split()[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def command(*arguments: str) -> Any:
    """Return what the command line prints as JSON."""
    run = subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments, "--json"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=True,
    )
    return json.loads(run.stdout)


async def tool(address: str, name: str, **arguments: Any) -> Any:
    from mcp.client import Client

    async with Client(f"{address}/mcp/") as client:
        return (await client.call_tool(name, arguments)).structured_content


def the_same(*answers: Any) -> bool:
    """Compare answers by everything but how long they took."""
    first, *others = ({k: v for k, v in one.items() if k != "timings"} for one in answers)
    return all(one == first for one in others)


@pytest.mark.timeout(240)
def test_every_door_gives_one_answer(open_kb: OpenKB, tmp_path: Path) -> None:
    kb = open_kb()
    python = json.loads(json.dumps(answer_json(kb.ask(QUESTION))))
    hits = json.loads(json.dumps(hits_json(QUESTION, kb.search(QUESTION), 0)))["hits"]
    assert len(python["citations"]) > 1
    home = kb.status().home
    kb.close()
    alone = command("ask", QUESTION, "--home", str(home))
    with served(home) as address:
        api = f"{address}/api/v1"
        begun = httpx.post(f"{api}/conversations", json={}).json()["id"]
        asked = {"question": QUESTION, "conversation": begun}
        http = httpx.post(f"{api}/ask", json={"question": QUESTION}).json()
        accept = {"Accept": "text/event-stream"}
        streamed = events(httpx.post(f"{api}/ask", json=asked, headers=accept).text)[-1][1]
        by_home = command("ask", QUESTION, "--home", str(home))
        by_name = command("ask", QUESTION, "--server", address, "--home", str(tmp_path / "no"))
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="none")
        said: Any = [{"role": "user", "content": QUESTION}]
        done = client.chat.completions.create(model="footnoted", messages=said)
        client.close()
        assert done.model_extra
        spoken = asyncio.run(tool(address, "ask", question=QUESTION))
        assert command("search", QUESTION, "--home", str(home))["hits"] == hits
        kept = httpx.get(f"{api}/conversations/{begun}").json()
    with served(home) as address:
        again = httpx.get(f"{address}/api/v1/conversations/{begun}").json()
    assert again == kept
    (stored,) = again["answers"]
    del stored["asked_at"]
    assert stored == streamed
    completed = done.model_extra["footnoted"]
    assert the_same(python, alone, http, streamed, by_home, by_name, completed, spoken)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "ui.cli", "ask", "Why?", "--server", "http://127.0.0.1:9"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
    )
    assert run.returncode == 1
    assert "does not answer" in run.stderr
    assert len(run.stderr.splitlines()) == 1
