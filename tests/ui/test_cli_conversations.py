"""``kb conversations``, and what ``kb chat`` stores and goes on with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kb.answer import Answer
from kb.conversation import Conversation
from tests.ui.cli_doubles import CRASH, HOSTILE, LUNA, ScriptedKnowledgeBase, answered, refused
from ui.cli import app


def kb(there: ScriptedKnowledgeBase, *arguments: str, said: str | None = None) -> Result:
    """Run ``kb`` on a scripted knowledge base."""
    return CliRunner().invoke(app, list(arguments), obj=there.doors(), input=said)


def talked(*questions: str, **fields: object) -> tuple[ScriptedKnowledgeBase, str]:
    """Return a knowledge base with a stored conversation, and its id."""
    there = ScriptedKnowledgeBase(**fields)  # type: ignore[arg-type]
    answers = (there.answers(question) for question in questions)
    return there, there.conversations.create(*answers).id


def test_a_chat_is_stored_as_it_was_said_and_a_new_one_apart() -> None:
    there = ScriptedKnowledgeBase()
    result = kb(there, "chat", said="When?\nAnd why?\n/new\nWho?\n")
    newest, oldest = there.conversations.list()
    assert [newest.title, oldest.title] == ["Who?", "When?"]
    stored = there.conversations.get(oldest.id)
    assert stored.conversation.answers == (answered("When?"), answered("And why?"))
    assert f"kb: stored as {oldest.id}; kb chat --resume goes on with it later" in result.stderr
    assert result.stderr.count("stored as") == 2


@pytest.mark.parametrize("options", [["--resume"], ["--resume", "-q"], ["--resume", "ID"]])
def test_a_chat_goes_on_where_it_was(options: list[str]) -> None:
    there, id = talked("When?")
    result = kb(there, "chat", *(id if one == "ID" else one for one in options), said="And why?\n")
    assert result.exit_code == 0
    assert there.asked[-1][1] == Conversation((answered("When?"),))
    (entry,) = there.conversations.list()
    assert (entry.id, entry.turns) == (id, 2)
    assert ("going on with" in result.stderr) == ("-q" not in options)
    assert "stored as" not in result.stderr


def test_resuming_what_is_not_there_is_an_error() -> None:
    there = ScriptedKnowledgeBase()
    nothing = kb(there, "chat", "--resume", said="When?\n")
    assert nothing.exit_code == 1
    assert nothing.stderr == "kb: no conversation is stored yet. begin one with: kb chat.\n"
    unknown = kb(there, "chat", "--resume", "abcd", said="When?\n")
    assert unknown.exit_code == 1
    assert "no one conversation 'abcd'" in unknown.stderr
    assert there.asked == []


def test_nothing_is_stored_if_that_is_wished_or_there_is_no_answer() -> None:
    there = ScriptedKnowledgeBase()
    kb(there, "chat", "--no-keep", said="When?\nAnd why?\n")
    assert [len(before.answers) for _, before in there.asked] == [0, 1]
    there.fails = KeyboardInterrupt()
    kb(there, "chat", said="When?\n")
    assert there.conversations.list() == ()


def test_a_chat_goes_on_where_it_cannot_be_stored(tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(b"damaged " * 1000)
    there = ScriptedKnowledgeBase(stored=tmp_path)
    result = kb(there, "chat", said="When?\nAnd why?\n")
    assert result.exit_code == 0
    assert [len(before.answers) for _, before in there.asked] == [0, 1]
    assert result.stderr.count("store of conversations") == 2
    assert CRASH in result.stdout


def test_conversations_are_listed_newest_first_with_tabs_in_a_pipe() -> None:
    there, first = talked("When?", "And why?")
    second = there.conversations.create(answered("Who?"), title="A\ttitle").id
    rows = [line.split("\t") for line in kb(there, "conversations").stdout.splitlines()]
    assert [(row[0], *row[3:]) for row in rows] == [
        (second, "1", "A title"),
        (first, "2", "When?"),
    ]
    wire = json.loads(kb(there, "conversations", "--json").stdout)
    assert [one["id"] for one in wire["conversations"]] == [second, first]
    assert set(wire["conversations"][0]) == {"id", "title", "created_at", "updated_at", "turns"}
    one = kb(there, "conversations", "list", "--limit", "1").stdout
    assert one.startswith(second)
    rest = kb(there, "conversations", "list", "--before", second).stdout
    assert rest.startswith(first)
    found = kb(there, "conversations", "list", "--text", "AND crashed").stdout
    assert found.startswith(first)
    nothing = kb(there, "conversations", "list", "--text", "cheese")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "no conversation is like that" in nothing.stderr
    none = kb(ScriptedKnowledgeBase(), "conversations")
    assert none.stderr == "kb: none is stored: kb chat does\n"


def test_a_conversation_is_shown_as_it_was_answered() -> None:
    there, id = talked("When did Luna-25 crash?")
    shown = kb(there, "conversations", "show", id[:4]).stdout
    asked = kb(there, "ask", "When did Luna-25 crash?").stdout
    assert f"? When did Luna-25 crash?\n{asked}" in shown
    wire = json.loads(kb(there, "conversations", "show", id, "--json").stdout)
    told = json.loads(kb(there, "ask", "When did Luna-25 crash?", "--json").stdout)
    (answer,) = wire["answers"]
    assert answer.pop("asked_at") == wire["updated_at"]
    assert answer == told


def test_what_has_changed_or_gone_since_is_told() -> None:
    there, id = talked("When?")
    there.articles_there = ()
    assert "p. 2 · removed since\n" in kb(there, "conversations", "show", id).stdout
    there.conversations.compact([LUNA.id])
    shown = kb(there, "conversations", "show", id).stdout
    assert "[1] moon/luna-25.md · p. 2 · removed since\n    its words are gone too" in shown
    assert CRASH not in shown
    wire = json.loads(kb(there, "conversations", "show", id, "--json").stdout)
    assert wire["answers"][0]["citations"][0]["status"] == "removed"


def test_a_conversation_is_renamed_and_deleted() -> None:
    there, id = talked("When?")
    renamed = kb(there, "conversations", "rename", id, "The Moon")
    assert renamed.stdout == f"{id}  The Moon\n"
    wire = json.loads(kb(there, "conversations", "rename", id, "Moon", "--json").stdout)
    assert (wire["id"], wire["title"]) == (id, "Moon")
    unasked = kb(there, "conversations", "delete", id)
    assert unasked.exit_code == 2
    assert "add --yes" in unasked.stderr
    deleted = kb(there, "conversations", "delete", id, "--yes", "--json")
    assert json.loads(deleted.stdout)["deleted"]["title"] == "Moon"
    assert "kb compact overwrites" in deleted.stderr
    again = kb(there, "conversations", "delete", id, "--yes")
    assert again.exit_code == 1
    assert again.stdout == ""


def test_a_person_is_asked_before_a_conversation_is_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there, id = talked("When?")
    monkeypatch.setattr("ui.commands.conversations.changing._can_ask", lambda: True)
    for reply, left in (("n\n", 1), ("y\n", 0)):
        result = kb(there, "conversations", "delete", id, said=reply)
        assert "Delete “When?”?" in result.stderr
        assert result.exit_code == left
        assert len(there.conversations.list()) == left


def test_an_export_is_markdown_or_json_on_standard_output_or_in_a_file(tmp_path: Path) -> None:
    there, id = talked("When?")
    markdown = kb(there, "conversations", "export", id).stdout
    assert f"{CRASH} [^1] It was fast. [^1]" in markdown
    assert f'[^1]: Luna-25 is lost, Footnoted sample, 2023-08-21: "{CRASH}"' in markdown
    wire = json.loads(kb(there, "conversations", "export", id, "--format", "json").stdout)
    assert wire == json.loads(kb(there, "conversations", "show", id, "--json").stdout)
    file = tmp_path / "luna.md"
    call = ("conversations", "export", id, "--out", str(file))
    result = kb(there, *call)
    assert result.stdout == ""
    assert result.stderr == f"kb: written: {file}\n"
    assert file.read_text("utf-8") == markdown
    assert kb(there, *call).exit_code == 1
    assert kb(there, *call, "--overwrite").exit_code == 0
    assert kb(there, "conversations", "export", id, "--format", "pdf").exit_code == 2
    assert list(tmp_path.iterdir()) == [file]


def test_hostile_conversations_print_no_control_characters() -> None:
    def hostile(question: str) -> Answer:
        return answered(f"\x1b[2J{question}\u202e\r[bold]q[/bold]", HOSTILE)

    there, id = talked("q", answers=hostile)
    for command in (
        ["list"],
        ["show", id],
        ["show", id, "--json"],
        ["export", id],
        ["export", id, "--format", "json"],
        ["rename", id, "\x1b]0;owned\x07[bold]\u202e"],
        ["delete", id, "--yes"],
    ):
        printed = kb(there, "conversations", *command).output
        assert not set(printed) & set("\x00\x07\x08\r\x1b\x7f\x9b\u202e"), command
        assert "bold" in printed, command


def test_a_refusal_is_stored_too() -> None:
    there = ScriptedKnowledgeBase(answers=refused)
    kb(there, "chat", said="What is love?\n")
    (entry,) = there.conversations.list()
    shown = kb(there, "conversations", "show", entry.id).stdout
    assert shown.endswith("? What is love?\nThe articles do not answer this.\n")
