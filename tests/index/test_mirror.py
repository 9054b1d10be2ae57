"""What a sync remembers: what could not be read, what was removed by hand, where it stopped."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import SourceError
from index.home import Home
from index.protocols import Source
from index.sources.document import Document, Reading, Skipped
from index.sources.folder import Folder
from index.store import Store
from index.sync import Progress
from index.sync import sync as sync_sources
from index.watch import changes
from tests.faults.syncing import check_whole
from tests.index.syncing import sync


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    original = Folder.read

    def remember(self: Folder, document: Document, id: str, known: str) -> Reading:
        names.append(Path(document.location).name)
        return original(self, document, id, known)

    monkeypatch.setattr(Folder, "read", remember)
    return names


def test_what_is_unchanged_is_not_read_and_its_troubles_are_told_again(
    home: Home, folder: Path, read: list[str]
) -> None:
    (folder / "latin.txt").write_bytes(b"caf\xe9")
    first = sync(home, [folder])
    assert sorted(read) == ["bridge.md", "latin.txt", "otters.txt"]
    read.clear()
    second = sync(home, [folder])
    assert read == []
    assert second.skipped == first.skipped
    (folder / "latin.txt").write_text("café", "utf-8")
    third = sync(home, [folder])
    assert read == ["latin.txt"]
    assert (third.added, third.skipped) == (("news/latin.txt",), ())
    assert sync(home, [folder]).skipped == ()


def test_what_could_not_be_read_for_now_is_tried_again(
    home: Home, folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refuse(self: Path, mode: str = "r") -> object:
        if self.name == "otters.txt":
            raise OSError(5, "Input/output error")
        return opened(self, mode)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", refuse)
        (skipped,) = sync(home, [folder]).skipped
        assert skipped.reason == "cannot read 'news/otters.txt': Input/output error."
    read.clear()
    assert sync(home, [folder]).added == ("news/otters.txt",)
    assert read == ["otters.txt"]


def test_a_part_that_cannot_be_read_keeps_its_earlier_version(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    good = [json.dumps({"id": id, "text": f"Text of {id}."}) for id in "abc"]
    path.write_text("\n".join(good), "utf-8")
    sync(home, [path])
    path.write_text("\n".join([good[0], '{"id": "b"', '{"id": "c", "text": "New."}']), "utf-8")
    report = sync(home, [path])
    assert report.updated == ("corpus.jsonl#c",)
    assert (report.removed, len(report.skipped)) == ((), 1)
    assert home.catalog.count("articles") == 3


def test_an_article_removed_by_hand_does_not_come_back(home: Home, folder: Path) -> None:
    sync(home, [folder])
    (id,) = (one.id for one in home.catalog.articles() if one.uri == "news/otters.txt")
    Store(home).remove([id], exclude=True)
    assert home.catalog.excluded() == {id: "news/otters.txt"}
    (folder / "otters.txt").rename(folder / "again.txt")
    report = sync(home, [folder])
    assert (report.added, report.skipped, report.kept) == ((), (), 1), "under no other name either"
    (folder / "again.txt").write_text("Otters again, with more text.", "utf-8")
    report = sync(home, [folder])
    assert (report.added, report.kept) == ((), 1)
    assert "kb articles readmit" in report.skipped[0].reason
    home.catalog.readmit([id])
    assert sync(home, [folder]).added == ("news/again.txt",)


def test_a_sync_stops_at_the_next_article_and_goes_on(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(30):
        sentences = " ".join(f"Sentence {n} of text {i} is here." for n in range(600))
        (folder / f"{i:02}.txt").write_text(sentences, "utf-8")
    told: list[Progress] = []
    stopped = sync(home, [folder], progress=told.append, stop=lambda: bool(told))
    assert stopped.stopped
    stored = home.catalog.count("articles")
    assert 0 < stored < 30
    assert stored == told[-1].articles == len(stopped.added)
    check_whole(home)
    rest = sync(home, [folder])
    assert not rest.stopped
    assert len(rest.added) == 30 - stored
    assert rest.kept == stored


def test_an_empty_folder_is_taken_for_a_disk_that_is_not_mounted(home: Home, folder: Path) -> None:
    sync(home, [folder])
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(SourceError, match="is empty, and was not: 2 documents would go"):
        sync(home, [folder])
    assert home.catalog.count("articles") == 2
    assert len(sync(home, [folder], allow_empty=True).removed) == 2
    assert sync(home, [folder]).removed == ()


def test_file_dates_are_taken_only_if_asked_for(home: Home, folder: Path) -> None:
    os.utime(folder / "otters.txt", (1_000_000_000, 1_000_000_000))
    sync(home, [folder])
    dates = {one.uri: one.published_at for one in home.catalog.articles()}
    assert dates == {"news/bridge.md": "2024-03-05", "news/otters.txt": None}
    report = sync(home, [folder], file_dates=True)
    assert report.updated == ("news/otters.txt",)
    found = {one.uri: one for one in home.catalog.articles()}["news/otters.txt"]
    assert found.published_at == "2001-09-09"
    assert ("published_at", "file date") in found.origins


class Flaky:
    """A source whose listing fails."""

    origin = "https://example.org/"
    whole = True

    def holds(self, location: str) -> bool:
        return False

    def documents(self, known: object) -> Iterator[Document | Skipped]:
        yield Document("https://example.org/a", "a", "")
        raise SourceError("it is down", "try again")

    def read(self, document: Document, id: str, known: str) -> Reading:
        raise AssertionError("nothing is read")


def test_a_source_that_fails_while_it_lists_changes_nothing(home: Home) -> None:
    source: Source = Flaky()
    with pytest.raises(SourceError, match="down"):
        sync_sources(home, [source])
    assert home.catalog.documents() == {}


def test_changes_are_told_when_a_file_is_written(folder: Path) -> None:
    stop = threading.Event()
    told = changes([folder], stop)
    assert next(told) == [folder], "what was written before the watching began is not missed"
    timer = threading.Timer(0.3, (folder / "new.txt").write_text, ("New.", "utf-8"))
    timer.start()
    assert next(told) == [folder]
    stop.set()
    assert list(told) == []
