"""What a question was understood to ask for, what it is limited to, and why nothing was found."""

from __future__ import annotations

import json

import pytest

from tests.ui.cli_doubles import ScriptedKnowledgeBase, reported
from tests.ui.test_cli import kb

ASKED = "What crashed in August 2023?"
FILTERED = [
    "--source",
    "A",
    "--source",
    "B",
    "--collection",
    "news/town",
    "--since",
    "2023-08-01",
    "--until",
    "2023-08-31",
]
FILTERED += [
    "--now",
    "2023-09-01",
    "--as-of",
    "2023-08-31",
    "--without",
    "from: A",
    "--without",
    "May",
]


@pytest.mark.parametrize(
    "command", [["search", "q"], ["ask", "q"], ["ask", "q", "--json"], ["chat"]]
)
def test_filters_the_day_and_what_is_taken_back_go_to_the_knowledge_base(
    command: list[str],
) -> None:
    there = ScriptedKnowledgeBase()
    assert kb(there, *command, *FILTERED, said="q\n").exit_code == 0
    assert there.called_with == {
        "sources": ["A", "B"],
        "collections": ["news/town"],
        "since": "2023-08-01",
        "until": "2023-08-31",
        "now": "2023-09-01",
        "as_of": "2023-08-31",
        "without": ("from: A", "May"),
    }


def test_a_search_explains_how_it_understood_and_what_speaks_for_each_passage() -> None:
    result = kb(ScriptedKnowledgeBase(), "search", ASKED, "--explain")
    assert result.stderr == "kb: understood: Aug 2023; take one back with --without\n"
    lines = result.stdout.splitlines()
    second = next(n for n, text in enumerate(lines) if text.startswith(" 2  "))
    assert lines[second - 2 : second] == ["    words +0.5 · source -0.5", "    also in: ␛[5mblink"]
    assert lines[-1] == "    words -0.5 · source +0.5"
    alone = kb(ScriptedKnowledgeBase(), "search", ASKED, "--explain", "--limit", "1")
    assert "    words +2.0 · source -1.0" in alone.stdout.splitlines()
    back = kb(ScriptedKnowledgeBase(), "search", ASKED, "--explain", "--without", "Aug 2023")
    assert back.stderr == ""


def test_a_search_in_json_has_its_chips_and_if_asked_its_signals() -> None:
    wire = json.loads(kb(ScriptedKnowledgeBase(), "search", ASKED, "--json").stdout)
    assert [chip["label"] for chip in wire["chips"]] == ["Aug 2023"]
    assert [one["id"] for one in wire["hits"][0]["copies"]] == ["a2"]
    assert "signals" not in wire["hits"][0]
    explained = json.loads(kb(ScriptedKnowledgeBase(), "search", "q", "--json", "--explain").stdout)
    assert explained["chips"] == []
    assert explained["hits"][0]["signals"] == {"words": 2.0, "source": -1.0}


@pytest.mark.parametrize("command", [["ask"], ["ask", "--json"]])
def test_an_answer_says_how_the_question_was_understood(command: list[str]) -> None:
    told = "kb: understood: Aug 2023; take one back with --without"
    assert told in kb(ScriptedKnowledgeBase(), *command, ASKED).stderr.splitlines()
    assert told not in kb(ScriptedKnowledgeBase(), *command, ASKED, "-q").stderr
    assert told not in kb(ScriptedKnowledgeBase(), *command, "When?").stderr


def test_a_filter_that_lets_nothing_through_is_told_of() -> None:
    result = kb(ScriptedKnowledgeBase(articles_there=()), "search", "Luna", "--source", "Foo")
    assert result.stderr == "kb: no article is from 'Foo'\n"


def test_a_sync_takes_the_embedder_of_a_new_home() -> None:
    there = ScriptedKnowledgeBase(report=reported())
    assert kb(there, "sync", "news", "--embedder", "mpnet").exit_code == 0
    assert there.opened_with["embedder"] == "mpnet"
