"""What is in a SQLite file; the catalog's tables, and the ways from those of earlier versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CATALOG", "WORDS", "Schema"]


@dataclass(frozen=True, slots=True)
class Schema:
    """What a SQLite file of this program is.

    Attributes:
        name: What to call it in an error.
        application_id: In the header of the file.
        version: Of these tables, in the header too.
        tables: The statements that make them.
        migrations: By version: the statements that make the next version's tables of it.
    """

    name: str
    application_id: int
    version: int
    tables: str
    migrations: Mapping[int, str]


_META = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
# The terms of index.analysis, which this tokenizer leaves as they are; rowid = passages.number.
WORDS = """
CREATE VIRTUAL TABLE words USING fts5 (
    title, source, date, heading, body, tokenize = "ascii tokenchars '.'"
)"""
_TABLES = """
CREATE TABLE documents (      -- what was read at the last sync, so that a look is enough
    location TEXT PRIMARY KEY,
    origin   TEXT NOT NULL,   -- of the source that listed it
    stamp    TEXT NOT NULL,
    trace    TEXT NOT NULL,   -- the same for a file that was only renamed
    id       TEXT NOT NULL    -- for the articles in it that bring none
) WITHOUT ROWID;

CREATE TABLE troubles (       -- parts of these that cannot be read, told again without reading
    location TEXT NOT NULL, uri TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE INDEX troubles_location ON troubles (location);

CREATE TABLE excluded (       -- removed by hand, not to come back with a sync
    id TEXT PRIMARY KEY, uri TEXT NOT NULL, fingerprint TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE articles (       -- the text last, so that the rest is read without it
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, uri TEXT NOT NULL, title TEXT NOT NULL,
    source TEXT, author TEXT, published_at TEXT, url TEXT, language TEXT,
    day TEXT,                 -- of published_at
    pages TEXT NOT NULL,      -- JSON: where each begins
    origins TEXT NOT NULL,    -- JSON: field, where its value came from
    location TEXT NOT NULL,   -- of the document that has it
    fingerprint TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX articles_location ON articles (location);
CREATE INDEX articles_source ON articles (source);
CREATE INDEX articles_day ON articles (day);
-- All that lists and counts look at: a table of articles is mostly texts, and slow to go through.
CREATE INDEX articles_listed ON articles (day, source, published_at, title, uri, id);

CREATE TABLE passages (       -- the text is the article's, from "start" to "end"
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: what is new is above the last
    id TEXT NOT NULL UNIQUE,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT,
    text_key TEXT NOT NULL,   -- of the text that was embedded
    source TEXT, day TEXT     -- the article's: a filter looks at every passage with a word
);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_text_key ON passages (text_key);

CREATE TABLE embeddings (     -- unit vectors, float32, little endian
    number INTEGER PRIMARY KEY,
    text_key TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,
    UNIQUE (text_key, model)
);

CREATE TABLE bands (          -- articles with a band of MinHashes in common may be copies
    band INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    PRIMARY KEY (band, article)
) WITHOUT ROWID;
CREATE INDEX bands_article ON bands (article);
CREATE TABLE copies (         -- pairs, the later of the two first
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    other   INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    similarity REAL NOT NULL,
    PRIMARY KEY (article, other)
) WITHOUT ROWID;
CREATE INDEX copies_other ON copies (other);
"""

_FROM_1 = f"""
ALTER TABLE articles RENAME TO articles_1;
ALTER TABLE passages RENAME TO passages_1;
ALTER TABLE embeddings RENAME TO embeddings_1;
DROP INDEX articles_location;
DROP INDEX articles_source;
DROP INDEX passages_article;
DROP INDEX passages_text_key;
DROP TABLE files;
{_TABLES};
INSERT INTO documents
    SELECT location, min(origin), '', '', min(id) FROM articles_1 GROUP BY location;
INSERT INTO articles (id, uri, title, source, author, published_at, url, day, pages, origins,
                      location, fingerprint, text)
    SELECT id, uri, title, source, author, published_at, url, substr(published_at, 1, 10), '[]',
           '[]', location, fingerprint, text FROM articles_1 ORDER BY rowid;
INSERT INTO passages
    SELECT p.number, p.id, a.number, p.start, p."end", p.heading, p.text_key, a.source, a.day
    FROM passages_1 p JOIN articles a ON a.id = p.article_id ORDER BY p.number;
INSERT INTO embeddings (text_key, model, vector)
    SELECT text_key, model, vector FROM embeddings_1;
DROP TABLE passages_1;
DROP TABLE articles_1;
DROP TABLE embeddings_1;
DELETE FROM meta WHERE key = 'chroma'
"""

_FROM_2 = f"DROP TABLE words;\n{WORDS}"
_FROM_3 = (
    "CREATE INDEX IF NOT EXISTS articles_listed"
    " ON articles (day, source, published_at, title, uri, id)"
)

CATALOG = Schema(
    name="catalog",
    application_id=0x464E4F54,  # "FNOT"
    version=4,
    tables=";\n".join((_META, _TABLES, WORDS)),
    migrations=MappingProxyType({1: _FROM_1, 2: _FROM_2, 3: _FROM_3}),
)
"""Of the system of record.

Version 1 had no languages, no pages and did not say where values came from: every document is read
once more at the next sync, and nothing is embedded again for that. Version 2 had words as they
stood in the text, in two columns; terms are made of the articles once it is open (``Terms.renew``).
Version 3 had no index for lists.
"""
