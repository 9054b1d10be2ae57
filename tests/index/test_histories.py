"""Whatever happens to files, stops and crashes between: the home becomes what the files are."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.embedders.hashing import HashingEmbedder
from index.errors import Unreachable
from index.home import Home
from index.sources.document import Document, Reading
from index.sources.folder import Folder
from tests.faults.syncing import check_whole
from tests.index.syncing import sync


def texts(home: Home) -> dict[str, str]:
    return dict(home.catalog.rows("SELECT uri, text FROM articles"))


def corpus(path: Path, **articles: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": id, "text": text}) for id, text in articles.items()]
    path.write_text("\n".join(lines), "utf-8")
    return path


def after(calls: int) -> Callable[[], bool]:
    """Return a ``stop`` that says so after so many questions."""
    asked = iter(range(10_000))
    return lambda: next(asked) >= calls


def pages(folder: Path, count: int = 4) -> Path:
    folder.mkdir(parents=True)
    for i in range(count):
        (folder / f"{i}.txt").write_text(f"Page {i} about otters.", "utf-8")
    return folder


def test_a_folder_that_is_renamed_back_loses_no_page(home: Home, tmp_path: Path) -> None:
    root = tmp_path / "news"
    there, away = pages(root / "d"), root / "e"
    sync(home, [root])
    there.rename(away)
    sync(home, [root], stop=after(2))
    away.rename(there)
    sync(home, [root])
    assert set(texts(home)) == {f"news/d/{i}.txt" for i in range(4)}


def test_a_folder_that_comes_back_after_a_crash_loses_no_page(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "news"
    there = pages(root / "d")
    (root / "k.txt").write_text("This one stays.", "utf-8")
    sync(home, [root])
    there.rename(tmp_path / "away")

    def crash(locations: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(home.catalog, "forget", crash)
        with pytest.raises(KeyboardInterrupt):
            sync(home, [root])
    (tmp_path / "away").rename(there)
    sync(home, [root])
    assert len(texts(home)) == 5


def test_overlapping_places_give_each_page_once(home: Home, tmp_path: Path) -> None:
    root = tmp_path / "news"
    pages(root / "sub", 2)
    report = sync(home, [root, root / "sub", f"{root}/./sub/../"])
    assert len(report.added) == 2
    assert sync(home, [root / "sub", root]).kept == 2


def test_a_new_file_under_an_old_name_after_a_stop(home: Home, tmp_path: Path) -> None:
    root = pages(tmp_path / "news", 1)
    sync(home, [root])
    (root / "0.txt").rename(root / "b.txt")
    (root / "c.txt").write_text("A third.", "utf-8")
    sync(home, [root], stop=lambda: True)
    (root / "0.txt").write_text("A new page at the old name.", "utf-8")
    assert sync(home, [root]).skipped == ()
    assert len(texts(home)) == 3


def test_renamed_and_copied_at_once(home: Home, tmp_path: Path) -> None:
    root = pages(tmp_path / "news", 1)
    sync(home, [root])
    (root / "0.txt").rename(root / "z.txt")
    shutil.copyfile(root / "z.txt", root / "c.txt")
    report = sync(home, [root])
    assert (report.skipped, report.removed) == ((), ())
    (root / "z.txt").write_text("Wholly new words.", "utf-8")
    assert sync(home, [root]).updated == ("news/z.txt",)


def test_what_the_owner_of_an_id_loses_the_other_corpus_has(home: Home, tmp_path: Path) -> None:
    root = tmp_path / "c"
    corpus(root / "a.jsonl", x="The x of a.", q="The q.")
    corpus(root / "b.jsonl", x="The x of b.", y="The y.")
    assert len(sync(home, [root]).skipped) == 1
    corpus(root / "b.jsonl", x="The x of b.")
    assert sync(home, [root]).removed == ("c/b.jsonl#y",), "contested is not unreadable"
    corpus(root / "a.jsonl", q="The q.")
    sync(home, [root])
    assert texts(home) == {"c/a.jsonl#q": "The q.", "c/b.jsonl#x": "The x of b."}
    assert sync(home, [root]).skipped == ()


def test_articles_that_move_on_in_a_chain(home: Home, tmp_path: Path) -> None:
    root = tmp_path / "c"
    corpus(root / "a.jsonl", p="The p.")
    corpus(root / "b.jsonl", q="The q.", y="The y.")
    corpus(root / "c.jsonl", r="The r.", x="The x.")
    sync(home, [root])
    corpus(root / "a.jsonl", p="The p.", y="A new y.")
    corpus(root / "b.jsonl", q="The q.", x="The x.")
    corpus(root / "c.jsonl", r="The r.")
    sync(home, [root])
    assert texts(home)["c/a.jsonl#y"] == "A new y."
    assert texts(home)["c/b.jsonl#x"] == "The x."
    assert len(texts(home)) == 5


def test_a_hidden_folder_that_was_synced_itself_stays(home: Home, tmp_path: Path) -> None:
    root = pages(tmp_path / "news", 1)
    pages(root / ".notes", 1)
    sync(home, [root / ".notes"])
    assert sync(home, [root]).removed == ()
    assert len(texts(home)) == 2


def test_renamed_and_unreadable_at_this_moment(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = pages(tmp_path / "news", 2)
    sync(home, [root])
    (root / "0.txt").rename(root / "b.txt")

    def refuse(self: Folder, document: Document, id: str, known: str) -> Reading:
        raise Unreachable("permission denied")

    with monkeypatch.context() as broken:
        broken.setattr(Folder, "read", refuse)
        assert sync(home, [root]).removed == ()
    assert sync(home, [root]).moved == (("news/0.txt", "news/b.txt"),)


class History:
    """Random changes of a folder and of two corpora in it."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.names = ["a.txt", "b.txt", "c.txt", "sub/a.txt", "sub/d.txt", "x/e.txt"]
        root.mkdir()

    def step(self) -> None:
        files = sorted(path for path in self.root.rglob("*.txt"))
        name = self.root / self.chance.choice(self.names)
        kind = self.chance.choice(["write", "write", "rename", "copy", "delete", "swap", "corpus"])
        name.parent.mkdir(exist_ok=True)
        if kind == "write" or not files:
            words = self.chance.choices([f"word{i}" for i in range(50)], k=20)
            name.write_text(" ".join(words) + ".", "utf-8")
        elif kind == "rename":
            self.chance.choice(files).replace(name)
        elif kind == "copy" and (file := self.chance.choice(files)) != name:
            shutil.copyfile(file, name)
            if self.chance.random() < 0.5:
                file.unlink()
        elif kind == "delete":
            self.chance.choice(files).unlink()
        elif kind == "swap" and len(files) > 1:
            one, other = self.chance.sample(files, 2)
            os.rename(one, self.root / "between")  # noqa: PTH104
            other.rename(one)
            (self.root / "between").rename(other)
        else:
            ids = self.chance.sample("pqrstu", 6)
            cut, end = sorted(self.chance.sample(range(1, 7), 2))
            for corpus_name, some in (("k.jsonl", ids[:cut]), ("l.jsonl", ids[cut:end])):
                corpus(self.root / corpus_name, **{id: f"The text of {id}." for id in some})


@pytest.mark.parametrize("seed", range(12))
def test_random_histories_end_in_the_same_home(tmp_path: Path, seed: int) -> None:
    history = History(tmp_path / "news", seed)
    chance = random.Random(seed + 1_000)
    with Home(tmp_path / "home", HashingEmbedder()) as home:
        for _ in range(25):
            for _ in range(chance.randrange(1, 4)):
                history.step()
            stop = after(chance.randrange(4)) if chance.random() < 0.4 else after(1_000)
            sync(home, [history.root], stop=stop, allow_empty=True)
            check_whole(home)
        sync(home, [history.root], allow_empty=True)
        _same_as_fresh(home, tmp_path, [history.root])


def _same_as_fresh(home: Home, place: Path, roots: Sequence[Path]) -> None:
    assert sync(home, roots).skipped == ()
    with Home(place / "fresh", HashingEmbedder()) as fresh:
        sync(fresh, roots)
        assert texts(home) == texts(fresh)
        for table in ("passages", "words", "embeddings", "documents", "bands", "copies"):
            (count,) = home.catalog.rows(f"SELECT count(*) FROM {table}")
            assert count == fresh.catalog.rows(f"SELECT count(*) FROM {table}")[0], table
    check_whole(home)
