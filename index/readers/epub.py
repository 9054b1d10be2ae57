"""Books (.epub): the text of the chapters in reading order, one article a book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from index.article import Article
from index.errors import ReadError
from index.readers.archive import Archive, TooLarge, name_of, resolved
from index.readers.canonical import TEXT_AT_MOST, canonical, one_line
from index.readers.encoding import markup_decoded
from index.readers.html import html_text
from index.readers.metadata import Metadata

__all__ = ["read_epub"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_TEXTS = {"application/xhtml+xml", "text/html", "application/xml", "text/x-oeb1-document"}
# These only garble embedded fonts; every reading program undoes them without a key.
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def read_epub(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the one article of a book, and for each chapter that cannot be read, the reason.

    The chapters follow each other in the order of the spine, set apart by blank lines; tables of
    contents are left out.

    Raises:
        ReadError: The file is not an EPUB, is damaged or protected (DRM), or holds no text.
    """
    with Archive(file, uri, "an EPUB") as archive:
        path = _package_path(archive, uri)
        package = archive.xml(path)
        known = _metadata(package, uri)
        spine = _spine(package, path)
        if not _locked(archive).isdisjoint(spine):
            raise ReadError(f"{uri!r} is protected against copying (DRM)", "use a copy without it")
        chapters = list(_chapters(archive, spine, uri))
    errors = [chapter for chapter in chapters if isinstance(chapter, ReadError)]
    text = canonical("\n\n".join(c for c in chapters if isinstance(c, str) and c))
    if not text:
        raise errors[0] if errors else ReadError(f"{uri!r} has no text in its chapters")
    yield known.article(id, text)
    yield from errors


def _chapters(archive: Archive, spine: list[str], uri: str) -> Iterator[str | ReadError]:
    """Yield the text of each chapter, or why it cannot be read."""
    left = TEXT_AT_MOST
    for part in spine:
        try:
            where = f"{one_line(part, 100)} in {uri}"
            text = canonical(html_text(markup_decoded(archive.read(part), where), where))
        except TooLarge:
            raise
        except ReadError as error:
            yield error
            continue
        left -= len(text) + 2
        if left < 0:
            raise TooLarge(f"{uri!r} has more than the {TEXT_AT_MOST:,} characters of one article")
        yield text


def _package_path(archive: Archive, uri: str) -> str:
    for element in archive.xml(_CONTAINER).iter():
        if name_of(element) == "rootfile" and element.get("full-path"):
            return resolved("", element.get("full-path"))
    raise ReadError(f"{uri!r} is not an EPUB: {_CONTAINER!r} names no package")


def _metadata(package: Any, uri: str) -> Metadata:
    """Collect what the package says of the book."""
    found: dict[str, list[Any]] = {}
    for element in package.iter():
        if one_line(element.text or ""):
            found.setdefault(name_of(element), []).append(element)
    known = Metadata(uri)
    for field, name in (("title", "title"), ("source", "publisher"), ("language", "language")):
        known.offer(field, _first(found.get(name, [])), f"EPUB dc:{name}")
    authors = [one_line(element.text) for element in found.get("creator", [])]
    known.offer("author", ", ".join(dict.fromkeys(authors)), "EPUB dc:creator")
    for element in sorted(found.get("date", []), key=_event):
        known.offer("published_at", one_line(element.text), "EPUB dc:date")
    for element in found.get("identifier", []):
        if re.match(r"https?://", one_line(element.text)):
            known.offer("url", element.text, "EPUB dc:identifier")
    return known


def _first(elements: list[Any]) -> str | None:
    return one_line(elements[0].text) if elements else None


def _event(date: Any) -> int:
    """Order the dates of a book: when it was published comes first, when it was changed last."""
    events = [value for key, value in date.attrib.items() if name_of(key) == "event"]
    return {"publication": 0, "": 1, "creation": 2}.get(events[0] if events else "", 3)


def _spine(package: Any, path: str) -> list[str]:
    """Return the names of the parts that hold the text, in reading order, each once."""
    manifest = {}
    order = []
    for element in package.iter():
        name = name_of(element)
        if name == "item" and element.get("id") and element.get("href"):
            is_contents = "nav" in element.get("properties", "").split()
            if element.get("media-type") in _TEXTS and not is_contents:
                manifest[element.get("id")] = resolved(path, element.get("href"))
        elif name == "itemref":
            order.append(element.get("idref"))
    return list(dict.fromkeys(manifest[id] for id in order if id in manifest))


def _locked(archive: Archive) -> set[str]:
    """Return the names of the parts that are encrypted, fonts left aside."""
    if _ENCRYPTION not in archive:
        return set()
    locked = set()
    for data in archive.xml(_ENCRYPTION):
        methods = [e.get("Algorithm") for e in data.iter() if name_of(e) == "EncryptionMethod"]
        if not methods or methods[0] not in _FONTS_ONLY:
            references = [e.get("URI", "") for e in data.iter() if name_of(e) == "CipherReference"]
            locked |= {resolved("", reference) for reference in references}
    return locked
