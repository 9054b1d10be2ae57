"""What is removed is gone: from catalog, words, vectors, and from every byte on disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from index.chunk import indexed_text
from index.home import Home
from index.search import Search
from index.store import Store
from tests.conftest import OpenKB
from tests.index.syncing import sync

# In a process of its own: SQLite loses its locks on a file that its process reads and closes.
_LOOK = """
import pathlib, sys
folder, needle = pathlib.Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
print(*[path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()])
"""
_SECRET = "Quetzalcoatlus wandered past the zwieback factory in Xanthippeville at midnight."


def _found_in(folder: Path, needle: bytes) -> list[str]:
    command = [sys.executable, "-c", _LOOK, str(folder), needle.hex()]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_a_removed_article_leaves_no_byte_after_compacting(home: Home, folder: Path) -> None:
    (folder / "secret.txt").write_text(_SECRET, "utf-8")
    sync(home, [folder])
    hit = Search(home).search("Xanthippeville zwieback", 1)[0]
    assert hit.article.text == _SECRET
    vector = home.embedder.embed_documents([indexed_text(hit.article, hit.passage)])[0]
    needles = {
        "text": _SECRET.encode(),
        "stemmed word": b"xanthippevil",
        "another word": b"quetzalcoatlu",
        "passage id": hit.passage.id.encode(),
        "vector": np.asarray(vector, dtype="<f4").tobytes(),
    }
    for name, needle in needles.items():
        assert _found_in(home.folder, needle), f"{name} is there before, so the test can fail"
    Store(home).remove([hit.article.id])
    assert "secret" not in [h.article.uri for h in Search(home).search("Xanthippeville", 5)]
    before, after = home.compact()
    assert 0 < after <= before
    for name, needle in needles.items():
        assert _found_in(home.folder, needle) == [], name
    assert len(Search(home).search("otters on the river", 5)) > 0


def test_a_vanished_file_is_gone_in_the_same_way(home: Home, folder: Path) -> None:
    (folder / "secret.txt").write_text(_SECRET, "utf-8")
    sync(home, [folder])
    (folder / "secret.txt").unlink()
    sync(home, [folder])
    home.compact()
    assert _found_in(home.folder, b"anthippevil") == []


def test_nor_does_it_leave_one_in_stored_conversations(open_kb: OpenKB, folder: Path) -> None:
    (folder / "secret.txt").write_text(_SECRET, "utf-8")
    asked = "What wandered past the factory at midnight?"
    kb = open_kb("Quetzalcoatlus wandered past the factory [1]. Seventeen ate zwieback [1].")
    written = kb.ask(asked)
    kb = open_kb()
    quoted, other = kb.ask(asked), kb.ask("How many otters were counted along the river Odra?")
    assert [one.verdict.value for one in written.sentences] == ["supported", "unsupported"]
    assert _SECRET in quoted.text
    id = kb.conversations.create(written, quoted, other).id
    kb.conversations.delete(kb.conversations.create(quoted).id)
    home = kb.status().home
    needles = [word.encode() for word in ("Quetzalcoatl", "quetzalcoatl", "zwieback", "anthippe")]
    kb.remove(["news/secret.txt"])
    for needle in needles:
        assert "conversations.sqlite-wal" in _found_in(home, needle), "so the test can fail"
    kb.compact()
    for needle in needles:
        assert _found_in(home, needle) == []
    stored = kb.conversations.get(id).conversation.answers
    assert [one.question for one in stored] == [asked, asked, other.question]
    assert stored[2] == other
    assert kb.conversations.search("zwieback") == ()
