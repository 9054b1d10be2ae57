"""The commands that keep a library, on a scripted one: what they ask of it, print, and refuse."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from index.article import Article
from index.filter import Filter
from tests.ui.cli_doubles import EVIL_ID, HOSTILE, LUNA, ScriptedKnowledgeBase
from ui.cli import app

FILTERS = ["--source", "A", "--source", "b", "--since", "2024-01-02", "--text", "bridge"]
WANTED = Filter(("A", "b"), "2024-01-02", None, "bridge", "https://example.org/news")
OBEYED = set("\x00\x07\x08\r\x1b\x7f\x9b\u202e")


def kb(there: ScriptedKnowledgeBase, *arguments: str, said: str | None = None) -> Result:
    """Run ``kb`` on a scripted knowledge base."""
    return CliRunner().invoke(app, list(arguments), obj=there.doors(), input=said)


@pytest.mark.parametrize(
    "arguments",
    [
        ["sync", "news", "--watch", "--dry-run"],
        ["articles", "list", "--removed", "--source", "A"],
        ["articles", "remove"],
        ["articles", "remove", "--yes"],
        ["articles", "remove", "a1"],
        ["articles", "remove", "--text", "", "--yes"],
        ["articles", "remove", "--source", "A", "--source", "", "--yes"],
        ["articles", "readmit"],
        ["articles", "export"],
        ["backup"],
        ["restore"],
    ],
)
def test_what_cannot_be_meant_is_wrong_usage_and_opens_nothing(arguments: list[str]) -> None:
    there = ScriptedKnowledgeBase()
    assert kb(there, *arguments).exit_code == 2
    assert there.opened_with == {}


def test_wrong_usage_of_remove_is_one_line() -> None:
    result = kb(ScriptedKnowledgeBase(), "articles", "remove", "a1")
    assert result.stderr == "kb: nobody can be asked here: add --yes to remove articles.\n"


@pytest.mark.parametrize("command", [["list"], ["export", "-"], ["remove", "--yes"]])
def test_the_filters_are_the_same_everywhere(command: list[str]) -> None:
    there = ScriptedKnowledgeBase()
    result = kb(there, "articles", *command, *FILTERS, "--under", "https://example.org/news")
    assert result.exit_code == 0
    assert there.called_with == {"wanted": WANTED}


def test_a_path_is_looked_for_where_the_sync_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    (tmp_path / "link").symlink_to("news")
    there = ScriptedKnowledgeBase()
    kb(there, "articles", "list", "--under", "link/../link/")
    assert there.called_with["wanted"].under == str((tmp_path / "news").resolve())


def test_a_day_that_is_none_is_one_line() -> None:
    result = kb(ScriptedKnowledgeBase(), "articles", "list", "--since", "yester\x1bday")
    assert result.exit_code == 1
    assert result.stderr.startswith("kb: 'yester\\x1bday' is not a day.")


def test_an_article_is_shown_with_where_each_value_came_from() -> None:
    lines = kb(ScriptedKnowledgeBase(), "articles", "show", "a1").stdout.splitlines()
    assert lines[:7] == [
        "Luna-25 is lost   (og:title)",
        "id:        a1",
        "uri:       moon/luna-25.md",
        "source:    Footnoted sample",
        "published: 2023-08-21   (JSON-LD datePublished)",
        "language:  en",
        "pages:     2",
    ]
    wire = json.loads(kb(ScriptedKnowledgeBase(), "articles", "show", "a1", "--json").stdout)
    assert (wire["language"], wire["pages"]) == ("en", [0, 19])
    assert wire["origins"] == {"title": "og:title", "published_at": "JSON-LD datePublished"}


def test_what_was_removed_by_hand_is_listed() -> None:
    there = ScriptedKnowledgeBase(excluded_there={"a9": "old.md", EVIL_ID: "evil\r\x9b.md"})
    result = kb(there, "articles", "list", "--removed")
    assert result.stdout.splitlines()[0] == "a9\told.md"
    assert not set(result.stdout) & OBEYED
    wire = json.loads(kb(there, "articles", "list", "--removed", "--json").stdout)
    assert wire["removed"][0] == {"id": "a9", "uri": "old.md"}
    nothing = kb(ScriptedKnowledgeBase(), "articles", "list", "--removed")
    assert nothing.stderr == "kb: no article was removed by hand\n"


def test_articles_are_removed_by_uri_and_filter_once_each() -> None:
    there = ScriptedKnowledgeBase()
    named = ("moon/luna-25.md", "a1", "--source", "Footnoted sample")
    result = kb(there, "articles", "remove", *named, "--yes")
    assert result.exit_code == 0
    assert result.stdout == "- moon/luna-25.md  Luna-25 is lost · Footnoted sample · 2023-08-21\n"
    assert "1 article removed, not to come back with a sync" in result.stderr
    assert "kb compact overwrites what is left of them on disk" in result.stderr
    assert LUNA not in there.articles_there
    wire = json.loads(kb(there, "articles", "remove", "a2", "--yes", "--json").stdout)
    assert [each["id"] for each in wire["removed"]] == ["a2"]
    assert there.articles_there == ()


def test_an_unknown_article_among_others_removes_none() -> None:
    there = ScriptedKnowledgeBase()
    assert kb(there, "articles", "remove", "a1", "nothing", "--yes").exit_code == 1
    assert len(there.articles_there) == 2


def test_a_filter_that_lets_nothing_through_removes_nothing_without_a_question() -> None:
    result = kb(ScriptedKnowledgeBase(), "articles", "remove", "--source", "Nobody", "--yes")
    assert result.exit_code == 0
    assert result.stderr == "kb: no article is like that, and none was removed\n"


def many(count: int) -> tuple[Article, ...]:
    """Return so many articles."""
    return tuple(replace(LUNA, id=f"n{i}", title=f"evil\x1b {i}") for i in range(count))


@pytest.mark.parametrize(("said", "code", "left"), [("y\n", 0, 0), ("n\n", 1, 25), ("", 1, 25)])
def test_on_a_terminal_a_removal_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, said: str, code: int, left: int
) -> None:
    monkeypatch.setattr("ui.commands.articles.removing._can_ask", lambda: True)
    there = ScriptedKnowledgeBase(articles_there=many(25))
    result = kb(there, "articles", "remove", "--source", "Footnoted sample", said=said)
    assert result.exit_code == code
    assert "and 5 more" in result.stderr
    assert "Remove these 25 articles? [y/N]" in result.stderr
    assert not set(result.output) & OBEYED
    assert len(there.articles_there) == left


@pytest.mark.parametrize("name", ["a9", "old.md"])
def test_a_removed_article_is_readmitted_by_id_or_uri(name: str) -> None:
    there = ScriptedKnowledgeBase(excluded_there={"a9": "old.md", EVIL_ID: "evil\x1b.md"})
    result = kb(there, "articles", "readmit", name, "evil\x1b.md")
    assert result.exit_code == 0
    assert there.called_with == {"ids": ["a9", EVIL_ID]}
    assert result.stdout.splitlines()[0] == "a9  old.md"
    assert not set(result.output) & OBEYED
    wire = json.loads(kb(there, "articles", "readmit", name, "--json").stdout)
    assert wire == {"readmitted": [{"id": "a9", "uri": "old.md"}]}
    assert kb(there, "articles", "readmit", "nothing").exit_code == 1


def test_copies_are_listed_by_story() -> None:
    there = ScriptedKnowledgeBase(stories=[[(LUNA, 0.914), (LUNA, 1.0)], [(LUNA, 0.5)]])
    lines = kb(there, "articles", "duplicates").stdout.splitlines()
    known = ["a1", "moon/luna-25.md", "Luna-25 is lost", "Footnoted sample", "2023-08-21"]
    assert lines[0].split("\t") == ["1", "91 %", *known]
    assert [each.split("\t")[:2] for each in lines[1:]] == [["1", "100 %"], ["2", "50 %"]]
    wire = json.loads(kb(there, "articles", "duplicates", "--json").stdout)
    assert [len(story["articles"]) for story in wire["stories"]] == [2, 1]
    assert wire["stories"][0]["articles"][0]["similarity"] == 0.914
    none = kb(ScriptedKnowledgeBase(), "articles", "duplicates")
    assert none.stderr == "kb: no two articles are copies of each other\n"


@pytest.mark.parametrize(
    ("module", "command"), [("showing", "list"), ("showing", "show"), ("copies", "duplicates")]
)
def test_on_a_terminal_articles_are_set_in_columns_and_do_nothing_to_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: str, command: str
) -> None:
    there = ScriptedKnowledgeBase(stories=[[(HOSTILE, 0.9), (LUNA, 1.0)]])
    out = Console(force_terminal=True, width=100, markup=False, highlight=False, color_system=None)
    monkeypatch.setattr(f"ui.commands.articles.{module}.console", lambda: out)
    with capsys.disabled(), out.capture() as captured:
        kb(there, "articles", command, *(["a2"] if command == "show" else []))
    printed = re.sub("\x1b\\[[0-9;]*m", "", captured.get())
    assert not set(printed) & OBEYED
    assert "[red]Not red[/red]" in printed.replace("\n", "")
