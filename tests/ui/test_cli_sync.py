"""``kb sync`` on a scripted knowledge base: what it passes on, what it prints, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from index.sources.document import Skipped
from tests.ui.cli_doubles import ScriptedKnowledgeBase, reported
from ui.cli import app


def kb(there: ScriptedKnowledgeBase, *arguments: str, said: str | None = None) -> Result:
    """Run ``kb`` on a scripted knowledge base."""
    return CliRunner().invoke(app, list(arguments), obj=there.doors(), input=said)


def test_a_sync_prints_its_figures() -> None:
    result = kb(ScriptedKnowledgeBase(report=reported()), "sync", "articles")
    assert result.exit_code == 0
    assert result.stdout == "2 added, 0 updated, 1 removed, 3 kept; 9 passages, 1.2 s\n"


def test_a_dry_run_prints_the_plan() -> None:
    report = reported(moved=(("was.md", "is.md"),))
    result = kb(ScriptedKnowledgeBase(report=report), "sync", "articles", "--dry-run")
    assert result.stdout.splitlines() == [
        "+ a.md",
        "+ b.md",
        "> was.md → is.md",
        "- old.md",
        "would be: 2 added, 0 updated, 1 moved, 1 removed, 3 kept",
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
    skipped = (Skipped("bad.md", "it is not UTF-8"),)
    there = ScriptedKnowledgeBase(report=reported(skipped=skipped))
    result = kb(there, "sync", "articles", *options)
    assert result.exit_code == 4
    assert "kb: skipped bad.md: it is not UTF-8" in result.stderr
    if "--json" in options:
        assert json.loads(result.stdout)["skipped"][0]["uri"] == "bad.md"


def test_places_and_options_go_to_the_sync_as_they_are_given() -> None:
    there = ScriptedKnowledgeBase(report=reported())
    places = ("~/news", "https://example.org/feed.xml")
    assert kb(there, "sync", *places).exit_code == 0
    options = {"allow_private": False, "file_dates": False, "allow_empty": False}
    assert there.called_with == {"places": places, **options}
    kb(there, "sync", *places, "--allow-private", "--file-dates", "--allow-empty")
    assert there.called_with == {"places": places, **dict.fromkeys(options, True)}


def test_files_without_a_reader_are_told_in_one_line() -> None:
    skipped = [Skipped(f"{i}.jpg", "no reader for '.jpg'") for i in range(5)]
    skipped += [Skipped("Thumbs.db", "no reader for '.db'"), Skipped("bad.md", "it is not UTF-8")]
    result = kb(ScriptedKnowledgeBase(report=reported(skipped=tuple(skipped))), "sync", "articles")
    assert [line for line in result.stderr.splitlines() if "skipped" in line] == [
        "kb: skipped bad.md: it is not UTF-8",
        "kb: skipped 6 files without a reader: 5 '.jpg', 1 '.db'",
    ]


@pytest.mark.parametrize("options", [[], ["--json"], ["-q"]])
def test_a_stopped_sync_says_that_the_next_goes_on_and_ends_with_130(options: list[str]) -> None:
    skipped = (Skipped("bad.md", "not UTF-8"),)
    there = ScriptedKnowledgeBase(report=reported(stopped=True, skipped=skipped))
    result = kb(there, "sync", "news", *options)
    assert result.exit_code == 130
    if "--json" in options:
        assert json.loads(result.stdout)["stopped"] is True
    elif not options:
        assert result.stdout.endswith("; 9 passages, 1.2 s; stopped: the next sync goes on\n")


def test_a_stopped_dry_run_changes_nothing_that_could_go_on() -> None:
    there = ScriptedKnowledgeBase(report=reported(stopped=True))
    result = kb(there, "sync", "news", "--dry-run")
    assert result.exit_code == 130
    assert result.stdout.endswith("3 kept; stopped before the end\n")


def test_a_watch_tells_of_changes_only_and_of_what_is_skipped_once() -> None:
    nothing: dict[str, Any] = reported(added=(), removed=())
    bad, worse = Skipped("bad.md", "not UTF-8"), Skipped("worse\x1b.md", "empty")
    again = [
        nothing,
        {**nothing, "skipped": (bad,)},
        {**nothing, "skipped": (bad, worse)},
        {**nothing, "moved": (("a.md", "b\u202e.md"),), "skipped": (bad, worse)},
    ]
    there = ScriptedKnowledgeBase(report={**nothing, "skipped": (bad,)}, again=again)
    result = kb(there, "sync", "news", "--watch")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "0 added, 0 updated, 0 removed, 3 kept, 1 skipped; 9 passages, 1.2 s",
        "0 added, 0 updated, 0 removed, 3 kept, 1 skipped; 9 passages, 1.2 s",
        "0 added, 0 updated, 1 moved, 0 removed, 3 kept; 9 passages, 1.2 s",
    ]
    assert result.stderr.count("skipped bad.md") == 1
    assert result.stderr.count("skipped worse␛.md") == 1
    assert "kb: watching; Ctrl-C ends it" in result.stderr


def test_a_watch_in_json_is_an_object_a_line() -> None:
    there = ScriptedKnowledgeBase(report=reported(), again=[reported(stopped=True)])
    result = kb(there, "sync", "news", "--watch", "--json")
    assert result.exit_code == 130
    assert [json.loads(each)["stopped"] for each in result.stdout.splitlines()] == [False, True]
