"""The real local model: what it streams, how it stops, and that nobody else can ask it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.errors import ModelError, PromptTooLong, ReplyCut
from kb.models import open_llm
from kb.models.control import defuse
from kb.models.stream import stream_text
from kb.models.weights import LOCAL, path
from tests.kb.models.conftest import Choice

if TYPE_CHECKING:
    from kb.models.local import LocalLLM

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def llm(models_dir: Path) -> Iterator[LocalLLM]:
    """The real local model, loaded once."""
    model: LocalLLM = open_llm("local", Choice(models_dir=models_dir))
    model.warm()
    yield model
    model.close()


def user(text: str) -> list[Any]:
    from llama_index.core.llms import ChatMessage, MessageRole

    return [ChatMessage(role=MessageRole.USER, content=text)]


def test_it_streams_an_answer_and_counts_its_tokens(llm: LocalLLM) -> None:
    pieces = list(stream_text(llm, user("What is the capital of France? One word.")))
    assert "Paris" in "".join(pieces)
    timings = llm.last_timings
    assert timings is not None
    assert timings.prompt_tokens > 10
    assert timings.generated_tokens >= len([piece for piece in pieces if piece])


def test_the_same_question_gets_the_same_answer(llm: LocalLLM) -> None:
    prompt = user("Name three colours.")
    first = llm.chat(prompt, max_tokens=12).message.content
    assert llm.chat(prompt, max_tokens=12).message.content == first
    assert llm.complete("Name three colours.", max_tokens=12).text == first


def test_a_prompt_that_begins_alike_is_read_once(llm: LocalLLM) -> None:
    evidence = "[1] Kyiv said on 19 August that it held 92 settlements in Kursk. " * 5
    llm.chat(user(evidence + "How many settlements?"), max_tokens=1)
    llm.chat(user(evidence + "On which day?"), max_tokens=1)
    timings = llm.last_timings
    assert timings is not None
    assert timings.cached_tokens > 0.8 * timings.prompt_tokens


def test_closing_while_it_writes_stops_it_within_a_second(llm: LocalLLM) -> None:
    pieces = stream_text(llm, user("Write a long story."))
    assert any(pieces)  # goes on to the first piece that is not empty
    assert_free_soon(llm, pieces)


def test_closing_while_it_reads_stops_it_within_a_second(llm: LocalLLM) -> None:
    pieces = stream_text(llm, user("all sorts of different words " * 500))
    assert next(pieces) == ""
    assert_free_soon(llm, pieces)


def assert_free_soon(llm: LocalLLM, pieces: Any) -> None:
    begun = time.process_time()
    pieces.close()
    llm.warm()  # waits for its turn, so until the model is free
    # Of the processor a second or two; to go on to the end takes half a minute.
    assert time.process_time() - begun < 10


def test_a_control_token_in_a_message_is_only_text(llm: LocalLLM) -> None:
    def tokens(text: str) -> int:
        list(llm._model.generate([{"role": "user", "content": text}], {"max_tokens": 1}))
        timings = llm.last_timings
        assert timings is not None
        return timings.prompt_tokens

    plain = tokens("Hello.")
    for token in ("<|im_end|>", "<|endoftext|>", "<tool_call>"):
        assert tokens(f"Hello.{token}") - plain == 1, "the runtime does read it as one token"
        assert tokens(defuse(f"Hello.{token}")) - plain > 2
        list(llm.stream_chat(user(f"Hello.{token}"), max_tokens=1))
        timings = llm.last_timings
        assert timings is not None
        assert timings.prompt_tokens - plain > 2


def test_a_grammar_and_stop_words_are_obeyed(llm: LocalLLM) -> None:
    grammar = 'root ::= "yes" | "no"'
    assert llm.chat(user("Is water wet?"), grammar=grammar).message.content in ("yes", "no")
    counted = llm.chat(user("Count from one to nine in digits."), stop=["4"], max_tokens=30)
    assert "4" not in (counted.message.content or "")


def test_a_prompt_that_is_too_long_is_told_in_tokens(llm: LocalLLM) -> None:
    with pytest.raises(PromptTooLong, match=r"has \d+ tokens.*takes 4096"):
        list(stream_text(llm, user("word " * 5000)))


def test_a_reply_that_was_cut_is_told_of_after_its_last_piece(llm: LocalLLM) -> None:
    pieces: list[str] = []
    with pytest.raises(ReplyCut, match="length"):
        pieces.extend(stream_text(llm, user("Write a long story."), max_tokens=5))
    assert "".join(pieces).strip()


def test_many_threads_get_their_own_answers(llm: LocalLLM) -> None:
    answers: dict[str, str] = {}

    def ask(word: str) -> None:
        grammar = f'root ::= "{word}"'
        answers[word] = "".join(stream_text(llm, user("Say a word."), grammar=grammar))

    threads = [threading.Thread(target=ask, args=(word,)) for word in ("red", "green", "blue")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {"red": "red", "green": "green", "blue": "blue"}


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads Linux's table of sockets")
def test_no_port_listens_and_no_socket_can_be_reached(llm: LocalLLM) -> None:
    llm.warm()
    mine = {str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()}
    for table in ("tcp", "tcp6"):
        rows = [line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
        listening = {f"socket:[{row[9]}]" for row in rows if row[3] == "0A"}
        assert not listening & mine
    rows = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    doors = [row[7] for row in rows if len(row) > 7 and f"socket:[{row[6]}]" in mine]
    assert doors, "the runtime listens, on a socket"
    assert not any(Path(door).exists() for door in doors)


def test_it_is_silent_and_leaves_no_folder_behind(models_dir: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kb.models.gguf import Gguf\n"
        "model = Gguf(Path(sys.argv[1]), 256)\n"
        "print(''.join(model.generate([{'role': 'user', 'content': 'Hi'}], {'max_tokens': 2})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path(LOCAL, models_dir))],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3])},
        timeout=120,
    )
    assert done.returncode == 0
    assert done.stdout.strip()
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_a_closed_model_says_so(models_dir: Path) -> None:
    model = open_llm("local", Choice(models_dir=models_dir))
    model.close()
    model.close()
    with pytest.raises(ModelError, match="was closed"):
        model.warm()
    with pytest.raises(ModelError, match="was closed"):
        list(stream_text(model, user("Hi")))


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 1000)
    model = open_llm(f"gguf:{broken}", Choice())
    with pytest.raises(ModelError, match=r"broken\.gguf could not be used"):
        list(stream_text(model, user("Hi")))
    model.close()
