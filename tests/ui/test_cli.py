"""The commands, run on a scripted knowledge base: what they print, where, and how they end."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb.conversation import Conversation
from kb.errors import HomeLocked, ModelUnavailable, QuestionError
from tests.ui.cli_doubles import (
    CRASH,
    HOSTILE,
    ScriptedKnowledgeBase,
    answered,
    refused,
    reported,
)
from ui.cli import app, main
from ui.commands.speech import tell_thread_bug

COMMANDS = ["sync", "search", "ask", "chat", "serve", "doctor"]
COMMANDS += ["articles list", "articles show", "models list", "models pull", "models check"]


@pytest.fixture(autouse=True)
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the interpreter's hooks back after a test of ``main``."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def kb(knowledge_base: ScriptedKnowledgeBase, *arguments: str, said: str | None = None) -> Result:
    """Run ``kb`` on a scripted knowledge base."""
    return CliRunner().invoke(app, list(arguments), obj=knowledge_base.doors(), input=said)


def test_ask_prints_the_answer_its_footnotes_and_ends_well() -> None:
    there = ScriptedKnowledgeBase()
    result = kb(there, "ask", "When did Luna-25 crash?")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{CRASH} [1] It was fast. [1]",
        "",
        "[1] Luna-25 is lost · Footnoted sample · 2023-08-21",
        f"    “{CRASH}”",
        "~ carried in part only: It was fast.",
        "~ 1 sentence withheld: no article carries what was said",
    ]
    assert "kb: the local model is not there: answers are quotes" in result.stderr
    assert there.closed
    assert there.streams_closed == 1


def test_a_quiet_ask_says_nothing_beside_the_answer() -> None:
    result = kb(ScriptedKnowledgeBase(), "ask", "When?", "-q")
    assert result.stderr == ""
    assert CRASH in result.stdout


def test_a_refusal_is_told_in_words_and_ends_with_3() -> None:
    result = kb(ScriptedKnowledgeBase(answers=refused), "ask", "What is love?")
    assert result.exit_code == 3
    assert result.stdout.strip() == "The articles do not answer this."


def test_ask_json_is_one_object_and_nothing_else_on_standard_output() -> None:
    result = kb(ScriptedKnowledgeBase(), "ask", "When?", "--json")
    wire = json.loads(result.stdout_bytes.decode("utf-8"))
    assert wire["question"] == "When?"
    assert wire["notes"]
    assert wire["notes"][0] in result.stderr


def test_a_refusal_in_json_ends_with_3_too() -> None:
    result = kb(ScriptedKnowledgeBase(answers=refused), "ask", "What is love?", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["refusal"] == "no_evidence"


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_comes_from_standard_input(command: str) -> None:
    result = kb(ScriptedKnowledgeBase(), command, "-", "--json", said="Who bought it?\n")
    assert json.loads(result.stdout)["question"] == "Who bought it?"


def test_home_and_model_go_to_the_knowledge_base_only_if_they_are_given() -> None:
    there = ScriptedKnowledgeBase()
    kb(there, "ask", "When?")
    assert there.opened_with == {"home": None, "create": False}
    kb(there, "ask", "When?", "--home", "somewhere", "--model", "local")
    assert there.opened_with == {"home": Path("somewhere"), "model": "local", "create": False}


def test_hostile_articles_print_no_control_characters() -> None:
    there = ScriptedKnowledgeBase(answers=lambda question: answered(question, HOSTILE))
    for command in (
        ["ask", "q"],
        ["search", "q"],
        ["articles", "list"],
        ["articles", "show", "a2"],
    ):
        printed = kb(there, *command).output
        assert not set(printed) & set("\x00\x07\x08\r\x1b\x7f\x9b\u202e"), command
        assert "[bold]" in printed or "[red]" in printed, command


def test_search_prints_every_hit_and_its_figures() -> None:
    result = kb(ScriptedKnowledgeBase(), "search", "Luna", "--limit", "1")
    assert result.stdout.splitlines()[:2] == [
        " 1  Luna-25 is lost · Footnoted sample · 2023-08-21",
        "    score 1.000 · similarity 0.500 · moon/luna-25.md",
    ]


def test_a_search_that_finds_nothing_says_so_and_is_done() -> None:
    result = kb(ScriptedKnowledgeBase(articles_there=()), "search", "Luna")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "nothing was found" in result.stderr


def test_a_sync_prints_its_figures() -> None:
    result = kb(ScriptedKnowledgeBase(report=reported()), "sync", "articles")
    assert result.exit_code == 0
    assert result.stdout == "2 added, 0 updated, 1 removed, 3 kept; 9 passages, 1.2 s\n"


def test_a_dry_run_prints_the_plan() -> None:
    result = kb(ScriptedKnowledgeBase(report=reported()), "sync", "articles", "--dry-run")
    assert result.stdout.splitlines() == [
        "+ a.md",
        "+ b.md",
        "- old.md",
        "would be: 2 added, 0 updated, 1 removed, 3 kept",
    ]


def test_a_dry_run_makes_no_home(tmp_path: Path) -> None:
    there, home = ScriptedKnowledgeBase(report=reported()), tmp_path / "home"
    kb(there, "sync", "articles", "--dry-run", "--home", str(home))
    used = there.opened_with["home"]
    assert used != home
    assert not used.exists()
    kb(there, "sync", "articles", "--home", str(home))
    assert there.opened_with["home"] == home


@pytest.mark.parametrize("options", [[], ["--json"], ["-q"]])
def test_a_sync_that_skipped_says_what_and_why_and_ends_with_4(options: list[str]) -> None:
    skipped = (SimpleNamespace(uri="bad.md", reason="it is not UTF-8"),)
    there = ScriptedKnowledgeBase(report=reported(skipped=skipped))
    result = kb(there, "sync", "articles", *options)
    assert result.exit_code == 4
    assert "kb: skipped bad.md: it is not UTF-8" in result.stderr
    if "--json" in options:
        assert json.loads(result.stdout)["skipped"][0]["uri"] == "bad.md"


def test_articles_are_listed_with_tabs_in_a_pipe() -> None:
    result = kb(ScriptedKnowledgeBase(), "articles", "list")
    first = result.stdout.splitlines()[0].split("\t")
    assert first == ["a1", "moon/luna-25.md", "Luna-25 is lost", "Footnoted sample", "2023-08-21"]


def test_articles_alone_lists_them_and_takes_the_options() -> None:
    result = kb(ScriptedKnowledgeBase(), "articles", "--json")
    assert [each["id"] for each in json.loads(result.stdout)["articles"]] == ["a1", "a2"]


@pytest.mark.parametrize("name", ["a1", "moon/luna-25.md"])
def test_an_article_is_shown_by_id_or_uri(name: str) -> None:
    result = kb(ScriptedKnowledgeBase(), "articles", "show", name)
    assert "source:    Footnoted sample" in result.stdout
    assert CRASH in result.stdout
    whole = json.loads(kb(ScriptedKnowledgeBase(), "articles", "show", name, "--json").stdout)
    assert CRASH in whole["text"]


def test_an_unknown_article_is_an_error_in_one_line() -> None:
    result = kb(ScriptedKnowledgeBase(), "articles", "show", "nothing")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "kb: there is no article 'nothing'. kb articles list shows them.\n"


@pytest.mark.parametrize("command", [["ask", "q"], ["ask", "q", "--json"], ["search", "q"]])
def test_an_error_is_one_safe_line_and_ends_with_1(command: list[str]) -> None:
    error = HomeLocked("'h\x1b[2J' is in use by process 12\n(kb serve)", "end it")
    result = kb(ScriptedKnowledgeBase(fails=error), *command)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "kb: 'h␛[2J' is in use by process 12 (kb serve). end it.\n"


def test_with_debug_the_error_itself_comes_through() -> None:
    error = QuestionError("the question is empty", "ask something")
    result = kb(ScriptedKnowledgeBase(fails=error), "ask", "q", "--debug")
    assert result.exception is error


@pytest.mark.parametrize(
    "arguments",
    [["ask"], ["search", "q", "--limit", "0"], ["sync"], ["nothing"], ["ask", "q", "--what"]],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    assert kb(ScriptedKnowledgeBase(), *arguments).exit_code == 2


def test_an_interrupt_is_one_line_and_130() -> None:
    result = kb(ScriptedKnowledgeBase(fails=KeyboardInterrupt()), "ask", "q")
    assert result.exit_code == 130
    assert result.stderr.strip() == "kb: interrupted"


def test_a_chat_keeps_the_conversation_until_a_new_one() -> None:
    there = ScriptedKnowledgeBase()
    said = "When?\n\nAnd why?\n/new\nWho?\n/nonsense\n/quit\nnever asked\n"
    result = kb(there, "chat", said=said)
    assert result.exit_code == 0
    assert [question for question, _ in there.asked] == ["When?", "And why?", "Who?"]
    assert [len(before.answers) for _, before in there.asked] == [0, 1, 0]
    assert there.asked[1][1] == Conversation((answered("When?"),))
    assert "kb: a new conversation" in result.stderr
    told_once_a_conversation = result.stderr.count("the local model is not there")
    assert told_once_a_conversation == 2
    assert "/quit the end" in result.stderr


def test_a_chat_goes_on_after_an_error_and_ends_with_its_input() -> None:
    there = ScriptedKnowledgeBase(fails=ModelUnavailable("the server is down", "start it"))
    result = kb(there, "chat", said="When?\nAnd why?\n")
    assert result.exit_code == 0
    assert result.stderr.count("kb: the server is down. start it.") == 2


def test_a_chat_goes_on_after_an_interrupted_answer() -> None:
    there = ScriptedKnowledgeBase(fails=KeyboardInterrupt())
    result = kb(there, "chat", said="When?\nAnd why?\n")
    assert result.exit_code == 0
    assert result.stderr.count("kb: stopped") == 2


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_help_says_what_it_does_with_examples_and_exit_codes(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0
    usage, examples = 1, 2
    assert result.stdout.count(f"kb {command}".rstrip()) >= usage + examples
    assert "Exit codes: 0" in result.stdout


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.stdout.startswith("footnoted ")


def test_an_unexpected_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    broken = ScriptedKnowledgeBase(fails=ZeroDivisionError("by \x1b"))
    with pytest.raises(ZeroDivisionError) as caught:
        main(["ask", "q"], broken.doors())
    sys.excepthook(caught.type, caught.value, caught.tb)
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("kb: an unexpected error: ZeroDivisionError: by ␛.")
    assert "--debug" in told


def test_an_unexpected_error_in_a_thread_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    error = ZeroDivisionError("by zero")
    tell_thread_bug(threading.ExceptHookArgs((type(error), error, None, None)))
    assert capsys.readouterr().err.startswith("kb: an unexpected error: ZeroDivisionError: by zero")


def test_main_ends_with_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(SystemExit) as ended:
        main(["ask", "q"], ScriptedKnowledgeBase(answers=refused).doors())
    assert ended.value.code == 3


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run this Python on the checkout."""
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        **options,
    )


def test_help_imports_nothing_heavy() -> None:
    script = """
import sys
import threading
from ui.cli import main
try:
    main(["--help"])
finally:
    heavy = {"torch", "numpy", "gradio", "chromadb", "llama_index", "sentence_transformers",
             "xllamacpp", "fastapi", "pydantic", "transformers", "huggingface_hub"}
    print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = python("-c", script)
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"


def test_the_command_runs_as_a_module() -> None:
    done = python("-m", "ui.cli", "--version")
    assert done.returncode == 0
    assert done.stdout.startswith("footnoted ")


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
@pytest.mark.parametrize("words", [1, 100_000])
def test_a_reader_that_leaves_is_not_an_error(words: int) -> None:
    script = f"""
from tests.ui.cli_doubles import ScriptedKnowledgeBase, answered
from ui.cli import main
long = lambda question: answered(question, text="word " * {words})
main(["ask", "q", "-q"], ScriptedKnowledgeBase(answers=long).doors())
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 141
