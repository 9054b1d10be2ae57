"""A sync in a process of its own, to be killed; and what must be true of a home at any moment."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

from index.embedders.hashing import HashingEmbedder
from index.home import Home
from index.search import Search
from index.sync import Progress
from tests.index.syncing import sync

__all__ = ["QUESTION", "change", "check_whole", "state", "sync_and_tell", "write_first"]

QUESTION = "word1 word2 word3"
_WORDS = [f"word{i}" for i in range(400)]


def _text(seed: int, sentences: int = 30) -> str:
    chance = random.Random(seed)
    drawn = [" ".join(chance.choices(_WORDS, k=12)).capitalize() for _ in range(sentences)]
    return ". ".join(drawn) + "."


def write_first(folder: Path) -> None:
    """Write a folder of twelve files, and a corpus of eight articles."""
    folder.mkdir()
    for i in range(12):
        (folder / f"file{i}.txt").write_text(_text(i), "utf-8")
    lines = [json.dumps({"id": f"c{i}", "text": _text(100 + i)}) for i in range(8)]
    (folder / "corpus.jsonl").write_text("\n".join(lines), "utf-8")


def change(folder: Path) -> None:
    """Change a folder of ``write_first`` in every way: add, update, rename, copy, remove."""
    for i in range(3):
        (folder / f"file{i}.txt").write_text(_text(i, 20) + " " + _text(200 + i, 10), "utf-8")
        (folder / f"new{i}.txt").write_text(_text(300 + i), "utf-8")
    (folder / "file3.txt").rename(folder / "renamed.txt")
    shutil.copyfile(folder / "file4.txt", folder / "copied.txt")
    (folder / "file4.txt").unlink()
    (folder / "file5.txt").unlink()
    lines = [json.dumps({"id": f"c{i}", "text": _text(100 + i + i // 4)}) for i in range(2, 10)]
    (folder / "corpus.jsonl").write_text("\n".join(lines), "utf-8")


def sync_and_tell(home: str, folder: str, told: str, at_once: int) -> None:
    """Sync, and write each uri that is reported as stored into a file, with nothing buffered."""
    from index import store

    store._PASSAGES_AT_ONCE = at_once
    with (
        Path(told).open("ab", buffering=0) as file,
        Home(Path(home), HashingEmbedder()) as opened,
    ):

        def tell(step: Progress) -> None:
            file.write(f"{step.uri}\n".encode())

        sync(opened, [folder], progress=tell)


def state(home: Home) -> dict[str, Any]:
    """Return everything that must be equal in two homes of the same folder."""
    rows = home.catalog.rows
    home.vectors.wait()
    nearest = home.vectors.nearest(home.embedder.embed_query(QUESTION), 30)
    return {
        "articles": rows("SELECT uri, id, fingerprint, text FROM articles ORDER BY uri"),
        "passages": rows('SELECT id, start, "end" FROM passages ORDER BY id'),
        "words": rows("SELECT count(*) FROM words")[0][0],
        "embeddings": rows("SELECT text_key FROM embeddings ORDER BY text_key"),
        "documents": rows("SELECT location, origin, id FROM documents ORDER BY location"),
        "copies": rows("SELECT count(*) FROM copies")[0][0],
        "nearest": [round(cosine, 5) for _, cosine in nearest],
        "search": [hit.passage.id for hit in Search(home).search(QUESTION, 10)],
    }


def check_whole(home: Home) -> None:
    """Assert that no article is half there: its passages, words and vectors are, and no others."""
    rows = home.catalog.rows
    home.vectors.wait()
    passages = {row[0]: row[1:] for row in rows("SELECT number, id, text_key FROM passages")}
    assert {row[0] for row in rows("SELECT rowid FROM words")} == set(passages)
    embedded = {row[0] for row in rows("SELECT text_key FROM embeddings")}
    assert {key for _, key in passages.values()} <= embedded
    for number, text in rows("SELECT number, text FROM articles"):
        spans = rows('SELECT start, "end" FROM passages WHERE article = ? ORDER BY start', number)
        covered = "".join(text[start:end] for start, end in spans)
        assert "".join(covered.split()) == "".join(text.split())
    if passages:
        asked = home.embedder.embed_query(QUESTION)
        in_graph = [id for id, _ in home.vectors._graph.nearest(asked, len(passages) + 10)]
        assert sorted(in_graph) == sorted(id for id, _ in passages.values())
        in_memory = home.vectors.nearest(asked, len(passages), _every_article(home))
        assert sorted(in_graph) == sorted(id for id, _ in in_memory)


def _every_article(home: Home) -> list[int]:
    return [row[0] for row in home.catalog.rows("SELECT number FROM articles")]
