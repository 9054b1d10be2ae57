"""The chat completions, tried with the ``openai`` client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openai
import pytest

from kb.access import Access, Scope
from kb.users import Users
from tests.conftest import OpenKB
from tests.ui.api.conftest import HERE, Serve
from tests.ui.api.test_questions import COST, without_times
from ui.gate import Keys

SENTENCE = "The repair will cost 3.2 million euros."


def connected(client: Any, key: str = "none") -> Any:
    """Return the client of OpenAI's package, talking to this server."""
    return openai.OpenAI(base_url=f"{HERE}/v1", api_key=key, http_client=client, max_retries=0)


def say(*texts: str) -> Any:
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]


def test_an_answer_comes_as_a_message_with_annotations(client: Any) -> None:
    done = connected(client).chat.completions.create(model="footnoted", messages=say(COST))
    (choice,) = done.choices
    assert choice.finish_reason == "stop"
    content = choice.message.content or ""
    assert content.startswith(f"{SENTENCE} [1]")
    (first, *_) = choice.message.annotations or []
    place = first.url_citation
    assert content[place.start_index : place.end_index] == "[1]"
    assert (place.title, place.url) == ("The bridge at Ostrava", "https://example.org/bridge")
    whole = client.post("/api/v1/ask", json={"question": COST}).json()
    assert without_times(done.model_extra["footnoted"]) == without_times(whole)


def test_a_stream_says_the_same(client: Any) -> None:
    chunks = list(
        connected(client).chat.completions.create(
            model="footnoted", messages=say(COST), stream=True
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    last = chunks[-1]
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra["footnoted"]["text"] == text
    assert last.choices[0].delta.model_extra["annotations"][0]["type"] == "url_citation"


def test_a_stream_says_what_it_took_if_that_is_asked(client: Any) -> None:
    chunks = list(
        connected(client).chat.completions.create(
            model="footnoted",
            messages=say(COST),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    *others, last = chunks
    assert not any(chunk.usage for chunk in others)
    assert last.choices == []
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens


@pytest.mark.parametrize("stream", [True, False])
def test_a_refusal_is_said(client: Any, stream: bool) -> None:
    asked = say("Who won the chess championship in Reykjavik?")
    done = connected(client).chat.completions.create(
        model="footnoted", messages=asked, stream=stream
    )
    if stream:
        chunks = list(done)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        refusal = chunks[-1].model_extra["footnoted"]["refusal"]
    else:
        text, refusal = done.choices[0].message.content, done.model_extra["footnoted"]["refusal"]
    assert "say nothing about" in text
    assert refusal == "no_evidence"


def test_a_follow_up_leans_on_what_was_answered(client: Any) -> None:
    speaking = connected(client).chat.completions
    first = speaking.create(model="footnoted", messages=say(COST)).choices[0].message.content or ""
    asked = say(COST, first, "When does it begin?")
    then = speaking.create(model="footnoted", messages=asked)
    assert "bridge" in then.model_extra["footnoted"]["standalone"]
    alone = speaking.create(model="footnoted", messages=say("When does it begin?"))
    assert alone.model_extra["footnoted"]["standalone"] == "When does it begin?"


def test_models_are_listed(client: Any) -> None:
    model, *_ = connected(client).models.list().data
    assert model.id == "footnoted"
    assert connected(client).models.retrieve("footnoted").owned_by == "footnoted"


def test_what_cannot_be_done_is_an_error_of_the_clients(client: Any) -> None:
    speaking = connected(client).chat.completions
    with pytest.raises(openai.NotFoundError, match="gpt-9"):
        speaking.create(model="gpt-9", messages=say(COST))
    with pytest.raises(openai.BadRequestError, match="last message"):
        speaking.create(model="footnoted", messages=say(COST, "An answer."))
    with pytest.raises(openai.BadRequestError):
        speaking.create(model="footnoted", messages=[])
    with pytest.raises(openai.UnprocessableEntityError, match="empty"):
        speaking.create(model="footnoted", messages=say(" "))


def test_the_key_is_the_token(open_kb: OpenKB, serve: Serve, access: Access, users: Users) -> None:
    client = serve(open_kb(), keys=Keys(access, users))
    with pytest.raises(openai.AuthenticationError):
        connected(client).models.list()
    secret, _ = access.create("program", Scope.READ)
    assert connected(client, secret).models.list().data


def test_the_models_that_may_be_chosen_are_listed(
    open_kb: OpenKB, serve: Serve, tmp_path: Path
) -> None:
    dead = {"base_url": "http://127.0.0.1:9", "models_dir": tmp_path}
    asking = connected(serve(open_kb(model="ollama:tiny", **dead)))
    assert [one.id for one in asking.models.list()] == ["footnoted", "ollama:tiny", "quotes"]
    assert asking.models.retrieve("quotes").id == "quotes"
    done = asking.chat.completions.create(model="quotes", messages=say(COST))
    assert (done.model, done.model_extra["footnoted"]["notes"]) == ("quotes", [])
    with pytest.raises(openai.NotFoundError, match="footnoted, ollama:tiny, quotes"):
        asking.chat.completions.create(model="gguf:/etc/passwd", messages=say(COST))
