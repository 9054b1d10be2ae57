"""A home mirrors its sources; what cannot be read is told, and nothing is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.errors import SourceError
from index.home import Home
from index.protocols import Vectors
from index.search import Search
from index.sync import Progress
from tests.index.syncing import sync


def found_by(home: Home, question: str) -> list[str]:
    search = Search(home)
    return [hit.article.uri for hit in search.search(question, 5)]


def test_a_folder_is_mirrored_change_by_change(home: Home, folder: Path) -> None:
    first = sync(home, [folder])
    assert set(first.added) == {"news/bridge.md", "news/otters.txt"}
    assert (first.kept, first.skipped, first.passages) == (0, (), home.catalog.count("passages"))
    assert found_by(home, "otters on the river")[0] == "news/otters.txt"

    again = sync(home, [folder])
    assert (again.added, again.updated, again.removed, again.kept) == ((), (), (), 2)

    (folder / "otters.txt").write_text("Beavers on the Odra\n\nFour beavers were seen.", "utf-8")
    (folder / "new.md").write_text("A trial began in Brno.", "utf-8")
    (folder / "bridge.md").unlink()
    third = sync(home, [folder])
    assert third.added == ("news/new.md",)
    assert third.updated == ("news/otters.txt",)
    assert third.removed == ("news/bridge.md",)
    assert found_by(home, "beavers seen")[0] == "news/otters.txt"
    assert "news/bridge.md" not in found_by(home, "bridge at Ostrava cracks")
    assert {a.uri for a in home.catalog.articles()} == {"news/new.md", "news/otters.txt"}


def test_a_dry_run_tells_and_changes_nothing(home: Home, folder: Path) -> None:
    report = sync(home, [folder], dry_run=True)
    assert len(report.added) == 2
    assert report.dry_run
    assert home.catalog.count("articles") == 0


def test_a_sync_leaves_the_articles_of_other_paths(
    home: Home, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Something else entirely.", "utf-8")
    sync(home, [folder])
    assert sync(home, [other]).removed == ()
    assert home.catalog.count("articles") == 3


def test_a_file_under_two_paths_is_one_article(home: Home, folder: Path) -> None:
    sync(home, [folder / "otters.txt"])
    report = sync(home, [folder])
    assert report.added == ("news/bridge.md",)
    assert home.catalog.count("articles") == 2
    (folder / "otters.txt").unlink()
    assert len(sync(home, [folder]).removed) == 1


def test_one_bad_file_does_not_stop_the_rest(home: Home, folder: Path, tmp_path: Path) -> None:
    (folder / "latin.txt").write_bytes(b"caf\xe9")
    (folder / "empty.md").write_bytes(b"")
    (folder / "image.png").write_bytes(b"\x89PNG")
    (folder / "bad.md").write_text("---\na: [\n---\nText.", "utf-8")
    (folder / ".hidden.txt").write_text("not read", "utf-8")
    outside = tmp_path / "outside.txt"
    outside.write_text("secret", "utf-8")
    (folder / "link.txt").symlink_to(outside)
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.txt")
    report = sync(home, [folder])
    assert set(report.added) == {"news/bridge.md", "news/otters.txt"}
    assert {one.uri for one in report.skipped} == {
        f"news/{name}"
        for name in (
            *("latin.txt", "empty.md", "image.png", "bad.md", "link.txt", "gone.txt", "pipe.txt"),
        )
    }
    assert all(one.reason and "\n" not in one.reason for one in report.skipped)
    assert sync(home, [folder]).skipped == report.skipped  # told again until it is mended


def test_an_article_that_cannot_be_read_any_more_stays(home: Home, folder: Path) -> None:
    sync(home, [folder])
    (folder / "otters.txt").write_bytes(b"\xff broken")
    report = sync(home, [folder])
    assert report.removed == report.updated == ()
    assert [one.uri for one in report.skipped] == ["news/otters.txt"]
    assert found_by(home, "otters along the river")[0] == "news/otters.txt"


def test_articles_of_a_folder_that_cannot_be_opened_stay(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "deep.txt").write_text("Deep text.", "utf-8")
    sync(home, [folder])
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "below":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report = sync(home, [folder])
    assert report.removed == ()
    assert [(one.uri, one.reason) for one in report.skipped] == [
        ("news/below", "cannot open the folder: Permission denied")
    ]


def test_a_missing_path_changes_nothing(home: Home, folder: Path) -> None:
    sync(home, [folder])
    with pytest.raises(SourceError, match="nowhere"):
        sync(home, [folder / "nowhere", folder])
    assert home.catalog.count("articles") == 2


def test_an_id_belongs_to_the_first_that_brought_it(home: Home, tmp_path: Path) -> None:
    for name in ("one", "two"):
        line = json.dumps({"id": "x", "text": f"From corpus {name}."})
        (tmp_path / f"{name}.jsonl").write_text(line, "utf-8")
    sync(home, [tmp_path / "one.jsonl"])
    report = sync(home, [tmp_path / "two.jsonl"])
    assert "belongs to 'one.jsonl#x'" in report.skipped[0].reason
    article = home.catalog.article("x")
    assert article
    assert article.text == "From corpus one."


def corpus(path: Path, *ids: str) -> Path:
    lines = [json.dumps({"id": id, "text": f"Text of {id} in {path.stem}."}) for id in ids]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_two_corpora_in_one_sync_do_not_take_each_others_ids(home: Home, tmp_path: Path) -> None:
    paths = [corpus(tmp_path / "c1.jsonl", "x", "y"), corpus(tmp_path / "c2.jsonl", "x", "z")]
    report = sync(home, paths)
    assert report.added == ("c1.jsonl#x", "c1.jsonl#y", "c2.jsonl#z")
    assert [one.uri for one in report.skipped] == ["c2.jsonl#x"]


def test_an_article_stays_as_long_as_one_file_has_it(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "corpora"
    folder.mkdir()
    corpus(folder / "b.jsonl", "x")
    sync(home, [folder])
    corpus(folder / "a.jsonl", "x")
    assert len(sync(home, [folder]).skipped) == 1
    (folder / "a.jsonl").unlink()
    assert sync(home, [folder]).removed == ()
    article = home.catalog.article("x")
    assert article
    assert article.uri == "corpora/b.jsonl#x"


def test_a_folder_takes_over_what_was_synced_in_it(home: Home, folder: Path) -> None:
    sync(home, [folder / "otters.txt"])
    (folder / "otters.txt").unlink()
    assert sync(home, [folder]).removed == ("otters.txt",)


def test_a_name_that_is_no_text_is_told(home: Home, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text("Text.", "utf-8")
    report = sync(home, [folder])
    assert [one.uri for one in report.skipped] == ["news/caf�.md"]
    assert home.catalog.article("\udcff") is None


def test_what_was_embedded_is_not_embedded_again(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(home, [folder])
    embedded: list[str] = []
    embed = home.embedder.embed_documents

    def remember(texts: Sequence[str]) -> Vectors:
        embedded.extend(texts)
        return embed(texts)

    monkeypatch.setattr(home.embedder, "embed_documents", remember)
    (folder / "again.txt").write_bytes((folder / "otters.txt").read_bytes())
    report = sync(home, [folder])
    assert report.added == ("news/again.txt",)
    assert embedded == []


def test_progress_ends_at_the_total(home: Home, folder: Path) -> None:
    seen: list[Progress] = []
    sync(home, [folder], progress=seen.append)
    assert (seen[-1].share, seen[-1].articles) == (1, 2)
    assert seen[-1].passages == home.catalog.count("passages")
    assert seen[-1].seconds_left == 0


def test_a_removed_article_leaves_nothing_in_the_file(home: Home, folder: Path) -> None:
    sync(home, [folder])
    (folder / "otters.txt").unlink()
    sync(home, [folder])
    home.catalog.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Biologists" not in (home.folder / "catalog.sqlite").read_bytes()
