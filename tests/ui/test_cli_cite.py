"""``kb cite``: a text, its marks, footnotes and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.ui.cli_doubles import CRASH, ScriptedKnowledgeBase
from ui.cli import app

WRONG = "It crashed into Mars."


def kb(*arguments: str | Path, said: str | None = None) -> Result:
    """Run ``kb cite`` on a scripted knowledge base."""
    doors = ScriptedKnowledgeBase().doors()
    return CliRunner().invoke(app, ["cite", *map(str, arguments)], obj=doors, input=said)


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    """A text of which one sentence is carried."""
    file = tmp_path / "essay.md"
    file.write_bytes(f"# Luna [7]\r\n\r\n{CRASH} [3]\r\n\r\n{WRONG}\r\n".encode("utf-8-sig"))
    return file


def test_the_text_comes_back_with_its_marks_and_footnotes(tmp_path: Path) -> None:
    file = tmp_path / "essay.md"
    file.write_text(f"# Luna [7]\n\n{CRASH}\n\n{WRONG}\n", "utf-8")
    result = kb(file)
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "# Luna (7)",
        "",
        f"{CRASH} [1]",
        "",
        f"{WRONG} [unsupported]",
        "",
        "[1] Luna-25 is lost · Footnoted sample · 2023-08-21 · p. 2",
        f"    “{CRASH}”",
        "",
        f"~ no article carries: {WRONG}",
        "  nearest: Luna-25 is lost · Footnoted sample · 2023-08-21 · p. 2",
        f"    “{CRASH}”",
    ]
    assert "kb: 2 sentences: 1 supported, 1 unsupported; 1.2 s" in result.stderr


def test_what_is_carried_ends_well_also_in_part() -> None:
    result = kb("-", "-q", said=f"{CRASH} It was fast.")
    assert result.exit_code == 0
    assert f"{CRASH} [1] It was fast. [1, in part]\n" in result.stdout
    assert result.stderr == ""
    assert kb("-", said=CRASH).exit_code == 0


def test_json_has_the_places_in_the_text(essay: Path) -> None:
    result = kb(essay, "--json", "--since", "2023-01-01")
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    assert set(told) == {"text", "sentences", "citations", "timings", "notes", "stopped"}
    assert told["text"] == essay.read_bytes().decode("utf-8-sig")
    for one in told["sentences"]:
        assert told["text"][one["start"] : one["end"]] == one["text"]
    assert [one["verdict"] for one in told["sentences"]] == ["supported", "unsupported"]
    assert told["sentences"][0]["nearest"] is None
    assert told["sentences"][1]["nearest"]["quote"] == CRASH == told["citations"][0]["quote"]
    assert "number" not in told["sentences"][1]["nearest"]


def test_it_is_written_to_a_file_that_is_not_there(essay: Path, tmp_path: Path) -> None:
    out = tmp_path / "checked.md"
    result = kb(essay, "--out", out)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert f"{WRONG} [unsupported]" in out.read_text("utf-8")
    assert "\r" not in out.read_text("utf-8")
    again = kb(essay, "--out", out, "--json")
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    kb(essay, "--out", out, "--json", "--overwrite")
    assert json.loads(out.read_text("utf-8"))["citations"]


def test_nothing_is_cited_and_why_is_told() -> None:
    result = kb("-", said="Cheese is made of milk.")
    assert result.exit_code == 0
    assert "kb: nothing was found" in result.stderr


@pytest.mark.parametrize(("name", "bytes_"), [("no.md", None), ("latin.md", b"caf\xe9 noir")])
def test_what_cannot_be_read_is_an_error(tmp_path: Path, name: str, bytes_: bytes | None) -> None:
    file = tmp_path / name
    if bytes_ is not None:
        file.write_bytes(bytes_)
    result = kb(file)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert name in result.stderr
