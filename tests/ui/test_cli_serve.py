"""``kb serve``: what it hands to the page, and the sync behind it; progress of long work."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb.errors import KBError, SourceError
from kb.settings import load_settings
from tests.ui.cli_doubles import ScriptedKnowledgeBase, reported
from ui.cli import app
from ui.commands.serve import read_examples

FOUR = ["a", "b", "c", "d"]


def settings(home: Path | None = None, **given: Any) -> Any:
    return load_settings(home, **given)


def serve(
    knowledge_base: ScriptedKnowledgeBase, *arguments: str, stay: float = 0.0
) -> tuple[Result, dict[str, Any]]:
    """Run ``kb serve`` with a page that is up for a while; return also what it was given."""
    given: dict[str, Any] = {}

    def page(there: Any, **options: Any) -> None:
        given.update(options, knowledge_base=there)
        options["say"]("Footnoted is at http://127.0.0.1:7860")
        deadline = time.monotonic() + stay
        while time.monotonic() < deadline and not knowledge_base.synced.is_set():
            time.sleep(0.01)

    doors = knowledge_base.doors(settings=settings, serve=page)
    return CliRunner().invoke(app, ["serve", *arguments], obj=doors), given


def test_the_page_is_served_from_the_settings() -> None:
    there = ScriptedKnowledgeBase()
    result, given = serve(there, "--port", "8000", "--model", "quotes")
    assert result.exit_code == 0
    assert (given["host"], given["port"], given["examples"]) == ("127.0.0.1", 8000, [])
    assert given["knowledge_base"] is there
    assert there.opened_with["model"] == "quotes"
    assert result.stdout == "Footnoted is at http://127.0.0.1:7860\n"
    assert there.closed


def test_the_limits_of_a_server_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_QUESTIONS_WAITING", "5")
    monkeypatch.setenv("KB_REQUESTS_PER_MINUTE", "60")
    monkeypatch.setenv("KB_UPLOAD_MEGABYTES", "2")
    _, given = serve(ScriptedKnowledgeBase(), "--model", "openai:x")
    limits = given["limits"]
    assert (limits.seats, limits.waiting, limits.requests, limits.upload) == (8, 5, 60, 2_000_000)


def test_a_sync_goes_on_behind_the_page() -> None:
    there = ScriptedKnowledgeBase(report=reported())
    result, _ = serve(there, "--sync", "articles", stay=10)
    assert there.synced.is_set()
    assert "2 added" in result.stderr
    assert result.exit_code == 0


def test_a_sync_that_fails_leaves_the_page_up() -> None:
    there = ScriptedKnowledgeBase(fails=SourceError("there is no 'articles'", "name a folder"))
    result, _ = serve(there, "--sync", "articles", stay=0.3)
    assert result.exit_code == 0
    assert "kb: there is no 'articles'. name a folder." in result.stderr


def test_a_sync_stops_with_the_page() -> None:
    there = ScriptedKnowledgeBase(report=reported(), pace=threading.Event())
    result, _ = serve(there, "--sync", "articles", stay=0.2)
    assert result.exit_code == 0
    assert not there.synced.is_set()
    assert "stopped: the next sync goes on" in result.stderr


def test_examples_are_answerable_questions_of_different_clusters(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    lines: list[dict[str, Any]] = [{"question": "no", "cluster": "a", "answerable": False}]
    for cluster in [*FOUR, "e"]:
        lines += [
            {"question": question, "cluster": cluster, "answerable": True}
            for question in (cluster, f"{cluster} again")
        ]
    file.write_text("\n\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert read_examples(file) == FOUR


def test_examples_without_clusters_are_the_first_four(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    lines = [json.dumps({"question": question}) for question in [*FOUR, "e"]]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert read_examples(file) == FOUR


@pytest.mark.parametrize("text", ["no json", "[1]", '{"answer": 1}', '"text"'])
def test_bad_examples_are_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KBError, match=r"questions\.jsonl"):
        read_examples(file)


def test_missing_examples_are_an_error_before_anything_is_opened(tmp_path: Path) -> None:
    there = ScriptedKnowledgeBase()
    result, given = serve(there, "--examples", str(tmp_path / "none.jsonl"))
    assert result.exit_code == 1
    assert result.stderr.startswith("kb: cannot read example questions")
    assert not given


def test_the_samples_own_questions_make_four_examples() -> None:
    examples = read_examples(Path(__file__).parents[2] / "data" / "questions.jsonl")
    assert len(set(examples)) == 4


def test_a_watch_goes_on_behind_the_page() -> None:
    there = ScriptedKnowledgeBase(report=reported(), again=[reported(added=("c.md",))])
    result, _ = serve(there, "--sync", "https://example.org/feed", "--watch", stay=10)
    assert result.exit_code == 0
    assert "2 added" in result.stderr
    assert "1 added" in result.stderr
    assert there.called_with["places"] == ("https://example.org/feed",)


def test_a_watch_of_nothing_is_wrong_usage() -> None:
    result, given = serve(ScriptedKnowledgeBase(), "--watch")
    assert result.exit_code == 2
    assert result.stderr == "kb: --watch goes on with what --sync names: give both.\n"
    assert not given
