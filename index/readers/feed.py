"""RSS and Atom: a file with many articles, one an entry."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.parsers import expat

from index.article import Article, digest
from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST, canonical, one_line, web_address, web_date
from index.readers.encoding import markup_decoded
from index.readers.html import html_text
from index.readers.metadata import Metadata

__all__ = ["Entry", "Feed", "feed_entries", "read_feed"]

# Parsers take time with the square of the attributes of one tag: 18 s for 50,000.
_ATTRIBUTES_AT_MOST = 200
_TAGS_AT_MOST = 300_000

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_PROLOG = re.compile(r"<\w")
_TAG = re.compile(r"<[a-zA-Z/!]")
_WITH_EMAIL = re.compile(r"\S+@\S+\s+\((.+)\)")
_TEXTS = ("text/html", "text/plain", "application/xhtml+xml")

# What a parser of broken XML raises where nobody foresaw how broken it can be.
_UNFORESEEN = (AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as far as the feed tells it.

    Attributes:
        key: What stands for it within its feed: its guid or id, else its link, else its title.
        link: Its page; None unless that is an http or https address.
        published_at: ISO 8601, as precise as it is given; when it was changed if that is all.
        dated: The element that the date is from, "published" or "updated".
        content: The text or summary as it is in the feed.
        is_html: Whether the content is HTML.
    """

    key: str
    link: str | None
    title: str
    author: str | None
    published_at: str | None
    dated: str
    language: str | None
    content: str
    is_html: bool

    def text(self) -> str:
        """Return the text or summary as canonical plain text, "" if the feed has none.

        Raises:
            ReadError: It is HTML that is too large or too deeply nested.
        """
        if not self.is_html:
            return canonical(self.content)
        if not _TAG.search(self.content):  # plain after all, and its line breaks are meant
            return canonical(html.unescape(self.content))
        return html_text(self.content, f"entry {self.key}")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its own title and language, and its entries in order."""

    title: str
    language: str | None
    entries: tuple[Entry, ...]

    def metadata(self, entry: Entry, uri: str) -> Metadata:
        """Return what the feed says of an entry, for the article at ``uri``."""
        metadata = Metadata(uri)
        metadata.offer("title", entry.title, "entry title")
        metadata.offer("author", entry.author, "entry author")
        metadata.offer("published_at", entry.published_at, f"entry {entry.dated}")
        metadata.offer("url", entry.link, "entry link")
        metadata.offer("source", self.title, "feed title")
        metadata.offer("language", entry.language, "entry language")
        metadata.offer("language", self.language, "feed language")
        return metadata


def read_feed(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the entries of an RSS or Atom file, and for one without text, the reason in its place.

    An entry's id is made of the given one and its own, so that it stays the same as others come
    and go. Nothing is fetched: an entry of which the feed has a summary is this summary.

    Raises:
        ReadError: The file is no feed, defines entities, is too large or has no entries.
    """
    feed = feed_entries(file.read(TEXT_AT_MOST + 1), uri)
    if not feed.entries:
        raise ReadError(f"the feed {uri!r} has no entries")
    seen: set[str] = set()
    for number, entry in enumerate(feed.entries, 1):
        where = f"{uri}#{_short(entry.key) or number}"
        try:
            text = entry.text()
        except ReadError as error:
            yield error
            continue
        key = entry.key or text
        if not text:
            yield ReadError(f"entry {where!r} has no text", "add the page that it links to")
        elif key in seen:
            yield ReadError(f"entry {where!r} is there twice", "the first one is kept")
        else:
            seen.add(key)
            yield feed.metadata(entry, where).article(digest(id, key), text)


def feed_entries(data: bytes, uri: str) -> Feed:
    """Return a feed and its entries, with or without text; nothing is fetched.

    Raises:
        ReadError: The bytes are no feed, define entities, or are too large.
    """
    import feedparser

    text = _DECLARATION.sub("", markup_decoded(data, uri), count=1)
    _check(text, uri)
    try:
        # In a stream: it would take a string for an address, and bytes for the path of a file.
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,  # its text is taken, never its HTML
        )
    except _UNFORESEEN as error:
        raise ReadError(f"{uri!r} is not a feed: {type(error).__name__}") from error
    if not found.get("version"):
        raise ReadError(f"{uri!r} is not a feed", "only RSS and Atom are read of XML")
    return Feed(
        title=_plain(found.feed.get("title_detail")),
        language=found.feed.get("language"),
        # as plain dicts: its own take "updated" for "published" and back, with a warning
        entries=tuple(_entry(dict(one)) for one in found.entries),
    )


def _check(text: str, uri: str) -> None:
    """Refuse what would grow without bound, or take too long to parse."""
    first = _PROLOG.search(text)
    if "<!ENTITY" in text[: first.start() if first else len(text)].upper():
        raise ReadError(f"{uri!r} defines entities, as no feed needs to")
    tags = 0

    def start(name: str, attributes: list[str]) -> None:
        nonlocal tags
        tags += 1
        if len(attributes) > 2 * _ATTRIBUTES_AT_MOST:
            raise ReadError(f"{uri!r} has a tag with more than {_ATTRIBUTES_AT_MOST} attributes")

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    data = text.encode("utf-8", "replace")
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        tags += data.count(b"<", parser.ErrorByteIndex)  # read by a more patient parser
    if tags > _TAGS_AT_MOST:
        raise ReadError(f"{uri!r} has more than {_TAGS_AT_MOST:,} tags", "split it")


def _entry(one: Mapping[str, Any]) -> Entry:
    dated = "published" if web_date(one.get("published")) else "updated"
    title = _plain(one.get("title_detail"))
    link = web_address(one.get("link"))
    content = _content(one)
    return Entry(
        key=canonical(str(one.get("id") or link or title)),
        link=link,
        title=title,
        author=_authors(one),
        published_at=web_date(one.get(dated)),
        dated=dated,
        language=content.get("language"),
        content=str(content.get("value") or ""),
        is_html=content.get("type") != "text/plain",
    )


def _content(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the first content in which there is text, else the summary."""
    for content in one.get("content") or ():
        if content.get("type") in _TEXTS and str(content.get("value") or "").strip():
            return dict(content)
    return dict(one.get("summary_detail") or {})


def _authors(one: Mapping[str, Any]) -> str | None:
    names = []
    for author in list(one.get("authors") or ())[:10]:
        name = one_line(str(author.get("name") or ""))
        match = _WITH_EMAIL.fullmatch(name)  # as RSS has it: jo@example.org (Jo Doe)
        names.append(match.group(1) if match else name)
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def _plain(detail: Mapping[str, Any] | None) -> str:
    """Return a title as text on one line; in RSS and in some Atom it is HTML."""
    value = str((detail or {}).get("value") or "")[:500]  # not enough to be nested too deep
    if (detail or {}).get("type") != "text/plain":
        value = html_text(value) if _TAG.search(value) else html.unescape(value)
    return one_line(value)


def _short(key: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in one_line(key, 120))
