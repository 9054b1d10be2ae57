"""The tables of the catalog."""

from __future__ import annotations

__all__ = ["APPLICATION_ID", "SCHEMA", "VERSION"]

APPLICATION_ID = 0x464E4F54  # "FNOT", in the header of the file
VERSION = 1

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE files (          -- what was seen at the last sync, so that a look is enough
    location TEXT PRIMARY KEY,
    origin   TEXT NOT NULL,   -- the path that was synced
    stamp    TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE articles (
    id TEXT PRIMARY KEY, uri TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT, author TEXT, published_at TEXT, url TEXT,
    location TEXT NOT NULL, origin TEXT NOT NULL, fingerprint TEXT NOT NULL
);
CREATE INDEX articles_location ON articles (location);
CREATE INDEX articles_source ON articles (source);

CREATE TABLE passages (       -- the text is the article's, from "start" to "end"
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT,
    text_key TEXT NOT NULL    -- of the text that was embedded
);
CREATE INDEX passages_article ON passages (article_id);
CREATE INDEX passages_text_key ON passages (text_key);

CREATE TABLE embeddings (     -- unit vectors, float32, little endian
    text_key TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (text_key, model)
) WITHOUT ROWID;

-- rowid = passages.number
CREATE VIRTUAL TABLE words USING fts5 (
    header, body, tokenize = "porter unicode61 remove_diacritics 2"
);
"""
