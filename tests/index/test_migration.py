"""A home of an earlier version is opened, and nothing in it is lost or embedded again."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index.article import Article, digest
from index.chunk import chunk, indexed_text, spelled_header
from index.embedders.hashing import HashingEmbedder
from index.home import Home
from index.lexical import Lexical
from index.readers.apart import ReaderProcess
from index.search import Search
from index.sources.document import Document
from index.sources.folder import Folder
from tests.index.syncing import sync

# As version 1 made them.
_TABLES_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (location TEXT PRIMARY KEY, origin TEXT NOT NULL, stamp TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, uri TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT, author TEXT, published_at TEXT, url TEXT,
    location TEXT NOT NULL, origin TEXT NOT NULL, fingerprint TEXT NOT NULL
);
CREATE INDEX articles_location ON articles (location);
CREATE INDEX articles_source ON articles (source);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT, text_key TEXT NOT NULL
);
CREATE INDEX passages_article ON passages (article_id);
CREATE INDEX passages_text_key ON passages (text_key);
CREATE TABLE embeddings (
    text_key TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (text_key, model)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    header, body, tokenize = "porter unicode61 remove_diacritics 2"
);
PRAGMA application_id = 1179537236;
PRAGMA user_version = 1;
"""
# As version 2 made them.
_TABLES_2 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    location TEXT PRIMARY KEY,
    origin   TEXT NOT NULL,
    stamp    TEXT NOT NULL,
    trace    TEXT NOT NULL,
    id       TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE troubles (
    location TEXT NOT NULL, uri TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE INDEX troubles_location ON troubles (location);
CREATE TABLE excluded (
    id TEXT PRIMARY KEY, uri TEXT NOT NULL, fingerprint TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, uri TEXT NOT NULL, title TEXT NOT NULL,
    source TEXT, author TEXT, published_at TEXT, url TEXT, language TEXT,
    day TEXT,
    pages TEXT NOT NULL,
    origins TEXT NOT NULL,
    location TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX articles_location ON articles (location);
CREATE INDEX articles_source ON articles (source);
CREATE INDEX articles_day ON articles (day);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT,
    text_key TEXT NOT NULL,
    source TEXT, day TEXT
);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_text_key ON passages (text_key);
CREATE TABLE embeddings (
    number INTEGER PRIMARY KEY,
    text_key TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,
    UNIQUE (text_key, model)
);
CREATE TABLE bands (
    band INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    PRIMARY KEY (band, article)
) WITHOUT ROWID;
CREATE INDEX bands_article ON bands (article);
CREATE TABLE copies (
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    other   INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    similarity REAL NOT NULL,
    PRIMARY KEY (article, other)
) WITHOUT ROWID;
CREATE INDEX copies_other ON copies (other);
;
CREATE VIRTUAL TABLE words USING fts5 (
    header, body, tokenize = "porter unicode61 remove_diacritics 2"
);
PRAGMA application_id = 1179537236;
PRAGMA user_version = 2;
"""


def _articles(folder: Path) -> list[tuple[str, Article]]:
    with ReaderProcess() as readers:
        source = Folder(folder, readers)
        return [
            (document.location, article)
            for document in source.documents({})
            if isinstance(document, Document)
            for article in source.read(document, digest(document.location), "").articles or ()
            if isinstance(article, Article)
        ]


@pytest.fixture
def old(tmp_path: Path, folder: Path) -> Path:
    """A home of version 1 with the articles of the folder."""
    home = tmp_path / "old"
    home.mkdir()
    embedder = HashingEmbedder()
    db = sqlite3.connect(home / "catalog.sqlite")
    db.executescript(_TABLES_1)
    known = [("revision", "3"), ("embedder", embedder.name), ("chroma", "abcdef 3")]
    db.executemany("INSERT INTO meta VALUES (?, ?)", known)
    for location, a in _articles(folder):
        db.execute("INSERT INTO files VALUES (?, ?, 'stamp')", (location, str(folder)))
        row = (a.id, a.uri, a.title, a.text, a.source, a.author, a.published_at, a.url)
        marks = ",".join("?" * 11)
        db.execute(f"INSERT INTO articles VALUES ({marks})", (*row, location, str(folder), "old"))
        for passage in chunk(a, embedder.count_tokens):
            text = indexed_text(a, passage)
            values = (passage.id, a.id, passage.start, passage.end, passage.heading, digest(text))
            added = db.execute("INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?)", values)
            head = f"{spelled_header(a)} | {passage.heading or ''}"
            words = (added.lastrowid, head, passage.text)
            db.execute("INSERT INTO words (rowid, header, body) VALUES (?, ?, ?)", words)
            vector = np.asarray(embedder.embed_documents([text])[0], dtype="<f4").tobytes()
            db.execute(
                "INSERT INTO embeddings VALUES (?, ?, ?)", (digest(text), embedder.name, vector)
            )
    db.commit()
    db.close()
    return home


@pytest.fixture
def second(tmp_path: Path, folder: Path) -> Path:
    """A home of version 2 with the articles of the folder."""
    with Home(tmp_path / "now", HashingEmbedder()) as home:
        sync(home, [folder])
        found = home.catalog.passages(
            [row[0] for row in home.catalog.rows("SELECT id FROM passages")]
        )
    earlier = tmp_path / "second"
    earlier.mkdir()
    db = sqlite3.connect(earlier / "catalog.sqlite")
    db.executescript(_TABLES_2)
    db.execute("ATTACH ? AS now", (str(tmp_path / "now" / "catalog.sqlite"),))
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE %'"):
        if not table.startswith(("words", "sqlite")):
            names = [f'"{row[1]}"' for row in db.execute(f"PRAGMA table_info({table})")]
            columns = ", ".join(names)
            db.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM now.{table}")
    db.execute("DELETE FROM meta WHERE key NOT IN ('revision', 'embedder')")
    for passage, article in found.values():
        head = f"{spelled_header(article)} | {passage.heading or ''}"
        db.execute(
            "INSERT INTO words (rowid, header, body)"
            " SELECT number, ?, ? FROM passages WHERE id = ?",
            (head, passage.text, passage.id),
        )
    db.commit()
    db.close()
    return earlier


def _terms(home: Home) -> object:
    ids = [row[0] for row in home.catalog.rows("SELECT id FROM passages ORDER BY id")]
    found = [Lexical(home.catalog).rank(question, 5) for question in ("otters", "cost in May")]
    return home.catalog.analysed(ids), found


def test_a_home_of_version_2_has_its_words_made_anew(
    second: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Home(tmp_path / "now", HashingEmbedder()) as home:
        wanted = _terms(home)
    embedder = HashingEmbedder()
    with Home(second, embedder) as home:
        assert _terms(home) == wanted
        monkeypatch.setattr(embedder, "embed_documents", None)  # nothing is embedded again
        assert sync(home, [folder]).kept == 2
        assert home.catalog.rows("PRAGMA user_version") == [(4,)]
        assert home.catalog.rows("PRAGMA integrity_check") == [("ok",)]
        home.compact()
        assert _terms(home) == wanted


def test_terms_that_others_made_are_made_anew(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Home(tmp_path / "home", HashingEmbedder()) as home:
        sync(home, [folder])
        wanted = _terms(home)
        assert wanted
    with monkeypatch.context() as other:
        other.setattr("index.terms.analyze", lambda text, language: text.upper().split())
        other.setattr("index.terms.made_by", lambda: "another version")
        with Home(tmp_path / "home", HashingEmbedder()) as home:
            assert _terms(home) != wanted
    with Home(tmp_path / "home", HashingEmbedder()) as home:
        assert _terms(home) == wanted


def test_a_home_of_version_1_is_opened_searched_and_synced(
    old: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Home(tmp_path / "new", HashingEmbedder()) as home:
        sync(home, [folder])
        new = {one.uri: one for one in home.catalog.articles()}
        found = [hit.passage.id for hit in Search(home).search("otters on the river", 5)]
    embedder = HashingEmbedder()
    with Home(old, embedder) as home:
        assert {one.uri: one.id for one in home.catalog.articles()} == {
            uri: one.id for uri, one in new.items()
        }
        hits = Search(home).search("otters on the river", 5)
        assert [hit.passage.id for hit in hits] == found
        assert all(h.article.text[h.passage.start : h.passage.end] == h.passage.text for h in hits)

        def refuse(texts: object) -> None:
            raise AssertionError("nothing is embedded again")

        monkeypatch.setattr(embedder, "embed_documents", refuse)
        report = sync(home, [folder])
        assert (report.added, report.removed, report.skipped) == ((), (), ())
        assert {one.uri: one for one in home.catalog.articles()} == new
        assert sync(home, [folder]).kept == 2
        with sqlite3.connect(old / "catalog.sqlite") as db:
            assert db.execute("PRAGMA user_version").fetchone() == (4,)
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.close()


@pytest.mark.parametrize("version", ["old", "second"])
def test_the_tables_are_those_of_a_new_home(
    version: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    old: Path = request.getfixturevalue(version)

    def tables(home: Path) -> list[tuple[str, str]]:
        db = sqlite3.connect(home / "catalog.sqlite")
        found = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        db.close()
        plain = [re.sub(r'--.*|"', "", sql) for _, sql in found]
        return sorted(
            (name, " ".join(sql.split())) for (name, _), sql in zip(found, plain, strict=True)
        )

    Home(tmp_path / "new", HashingEmbedder()).close()
    Home(old, HashingEmbedder()).close()
    assert tables(old) == tables(tmp_path / "new")
