"""``kb articles export``, ``backup``, ``restore`` and ``compact``: what they tell and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from index.article import Article
from kb.errors import HomeError
from tests.ui.cli_doubles import LUNA, ScriptedKnowledgeBase
from ui.cli import app


def kb(there: ScriptedKnowledgeBase, *arguments: str, said: str | None = None) -> Result:
    """Run ``kb`` on a scripted knowledge base."""
    return CliRunner().invoke(app, list(arguments), obj=there.doors(), input=said)


class Broken(ScriptedKnowledgeBase):
    """Gives one article."""

    def article(self, id_or_uri: str) -> Article:
        """Return the article, or fail."""
        if id_or_uri == "a1":
            return LUNA
        raise HomeError("the disk is gone")


def test_an_export_overwrites_only_if_told_and_leaves_no_half(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    assert kb(ScriptedKnowledgeBase(), "articles", "export", str(file)).exit_code == 0
    whole = file.read_bytes()
    assert len(whole.splitlines()) == 2
    refused = kb(ScriptedKnowledgeBase(), "articles", "export", str(file))
    assert refused.exit_code == 1
    assert "is there already. name another file, or use --overwrite." in refused.stderr
    result = kb(Broken(), "articles", "export", str(file), "--overwrite")
    assert result.exit_code == 1
    assert file.read_bytes() == whole
    less = ScriptedKnowledgeBase(articles_there=(LUNA,))
    assert kb(less, "articles", "export", str(file), "--overwrite").exit_code == 0
    assert len(file.read_bytes().splitlines()) == 1
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_to_a_folder_or_nowhere_is_one_line(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "corpus.jsonl"):
        result = kb(ScriptedKnowledgeBase(), "articles", "export", str(place), "--overwrite")
        assert result.exit_code == 1
        assert result.stderr.startswith("kb: ")
        assert result.stderr.count("\n") == 1


def test_a_backup_tells_how_much_it_wrote(tmp_path: Path) -> None:
    given: list[Any] = []

    def backup(home: Path, file: Path, **options: bool) -> int:
        given.append((home, file, options))
        file.write_bytes(b"0" * 1_500_000)
        return 1234

    doors = ScriptedKnowledgeBase().doors(backup=backup)
    file = tmp_path / "evil\x1b.kb"
    call = ["backup", str(file), "--home", str(tmp_path), "--overwrite"]
    result = CliRunner().invoke(app, call, obj=doors)
    assert result.stdout == f"1,234 articles, 1.5 MB: {tmp_path}/evil␛.kb\n"
    assert given == [(tmp_path, file, {"overwrite": True})]
    wire = json.loads(CliRunner().invoke(app, [*call, "--json"], obj=doors).stdout)
    assert wire == {"file": str(file), "articles": 1234, "bytes": 1_500_000}


@pytest.mark.parametrize("earlier", [Path("home/replaced.sqlite"), None])
def test_a_restore_tells_where_the_earlier_one_is(earlier: Path | None) -> None:
    doors = ScriptedKnowledgeBase().doors(restore=lambda home, file, replace: earlier)
    call = ["restore", "news.kb", "--home", "home", "--replace"]
    lines = CliRunner().invoke(app, call, obj=doors).stdout.splitlines()
    assert lines[0] == "home is now what news.kb has"
    assert lines[1:] == ([f"the earlier one was put aside: {earlier}"] if earlier else [])
    wire = json.loads(CliRunner().invoke(app, [*call, "--json"], obj=doors).stdout)
    assert wire == {"home": "home", "file": "news.kb", "earlier": earlier and str(earlier)}


def test_compact_tells_bytes_before_and_after() -> None:
    assert kb(ScriptedKnowledgeBase(), "compact").stdout == "12.3 MB before, 2.0 MB after\n"
    wire = json.loads(kb(ScriptedKnowledgeBase(), "compact", "--json").stdout)
    assert wire == {"before": 12_345_678, "after": 2_000_000}
