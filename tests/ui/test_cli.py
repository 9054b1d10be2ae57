"""The commands, run on a scripted knowledge base: what they print, where, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

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
)
from ui.cli import app

COMMANDS = ["sync", "search", "ask", "cite", "chat", "serve", "doctor"]
COMMANDS += ["backup", "restore", "compact", "models list", "models pull", "models check"]
COMMANDS += [f"articles {verb}" for verb in ("list", "show", "export", "remove", "readmit")]
COMMANDS += ["articles duplicates", "eval", "reindex"]
COMMANDS += [f"conversations {verb}" for verb in ("list", "show", "rename", "delete", "export")]


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
        "[1] Luna-25 is lost · Footnoted sample · 2023-08-21 · p. 2",
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
    there = ScriptedKnowledgeBase(
        answers=lambda question: answered(question, HOSTILE), stories=[[(HOSTILE, 1.0)]]
    )
    for command in (
        ["ask", "q"],
        ["search", "q"],
        ["articles", "list"],
        ["articles", "show", "a2"],
        ["articles", "duplicates"],
        ["articles", "export", "-"],
        ["articles", "remove", "a2", "--yes"],
    ):
        printed = kb(there, *command).output
        assert not set(printed) & set("\x00\x07\x08\r\x1b\x7f\x9b\u202e"), command
        assert "[bold]" in printed or "[red]" in printed, command


def test_search_prints_every_hit_and_its_figures() -> None:
    result = kb(ScriptedKnowledgeBase(), "search", "Luna", "--limit", "1")
    assert result.stdout.splitlines()[:2] == [
        " 1  Luna-25 is lost · Footnoted sample · 2023-08-21 · p. 1",
        "    score 1.000 · similarity 0.500 · moon/luna-25.md",
    ]


def test_a_search_that_finds_nothing_says_so_and_is_done() -> None:
    result = kb(ScriptedKnowledgeBase(articles_there=()), "search", "Luna")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "nothing was found" in result.stderr


def test_articles_are_listed_with_tabs_in_a_pipe() -> None:
    result = kb(ScriptedKnowledgeBase(), "articles", "list")
    first = result.stdout.splitlines()[0].split("\t")
    known = ["a1", "moon/luna-25.md", "Luna-25 is lost", "Footnoted sample", "2023-08-21"]
    assert first == [*known, "en"]


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
