"""Word documents (.docx): paragraphs, headings, tables and notes, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from index.article import Article
from index.errors import ReadError
from index.readers.archive import Archive, name_of, resolved
from index.readers.canonical import TEXT_AT_MOST, canonical, one_line
from index.readers.metadata import Metadata

__all__ = ["read_docx"]

# Text that is deleted, moved away, or said again: for older programs, or as a reading aid.
_NO_TEXT = {"del", "moveFrom", "rPr", "pPr", "sdtPr", "rt", "Fallback", "instrText", "delText"}
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_NO_AUTHORS = {"python-docx", "microsoft office user", "user", "admin", "author", "unknown"}
_OFF = ("0", "false", "off")


def read_docx(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the one article of a Word document.

    Paragraphs and headings are set apart by blank lines; a row of a table is a line, its cells
    between bars; foot- and endnotes follow the text. What is deleted or hidden is left out. Without
    a title in the properties it is the paragraph in the style Title, else the first heading.

    Raises:
        ReadError: The file is not a Word document, is damaged or encrypted, or holds no text.
    """
    with Archive(file, uri, "a DOCX") as archive:
        main = _target(archive, "", "officeDocument") or "word/document.xml"
        root = archive.xml(main)
        known = Metadata(uri)
        _offer_properties(archive, known)
        styles = _styles(archive, main)
        blocks = list(_blocks(root, styles))
        for kind in ("footnotes", "endnotes"):
            if (part := _target(archive, main, kind)) and part in archive:
                blocks += _notes(archive.xml(part), styles)
    text = canonical("\n\n".join(block for _, block in blocks))
    if not text:
        raise ReadError(f"{uri!r} has no text", "if its pages are pictures, run OCR first")
    if len(text) > TEXT_AT_MOST:
        raise ReadError(f"{uri!r} has more than the {TEXT_AT_MOST:,} characters of one article")
    for style in ("title", "heading 1", "heading 2"):
        known.offer("title", next((t for s, t in blocks if s == style), None), f"style {style}")
    yield known.article(id, text)


def _target(archive: Archive, base: str, kind: str) -> str | None:
    """Return the part to which a part, or with "" the package, has a relation of this kind."""
    folder, _, name = base.rpartition("/")
    path = f"{folder}/_rels/{name}.rels".lstrip("/")
    if path not in archive:
        return None
    for relation in archive.xml(path):
        internal = relation.get("TargetMode") != "External"
        if internal and relation.get("Type", "").endswith(f"/{kind}"):
            return resolved(base, relation.get("Target", ""))
    return None


def _offer_properties(archive: Archive, known: Metadata) -> None:
    part = _target(archive, "", "core-properties") or "docProps/core.xml"
    if part not in archive:
        return
    found: dict[str, str] = {}
    for element in archive.xml(part):
        found.setdefault(name_of(element), one_line(element.text or ""))
    if found.get("creator", "").lower() in _NO_AUTHORS:
        found.pop("creator", None)
    for name, key in (("title", "title"), ("author", "creator"), ("language", "language")):
        known.offer(name, found.get(key), f"DOCX core properties {key}")
    for key in ("created", "modified"):
        known.offer("published_at", found.get(key), f"DOCX core properties {key}")


def _styles(archive: Archive, main: str) -> dict[str, str]:
    """Return the names of the styles, which are English in every language, by their ids."""
    part = _target(archive, main, "styles")
    if not part or part not in archive:
        return {}
    names = {}
    for style in archive.xml(part):
        name = next((child for child in style if name_of(child) == "name"), None)
        if name_of(style) == "style" and name is not None:
            names[_value(style, "styleId")] = _value(name, "val").lower()
    return names


def _notes(root: Any, styles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the blocks of notes; the lines that separate notes from text are notes, too."""
    for note in root:
        if not _value(note, "type") or _value(note, "type") == "normal":
            yield from _blocks(note, styles)


def _blocks(root: Any, styles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each paragraph and table that holds text, with the name of its style."""
    for element in root:
        name = name_of(element)
        if name == "p":
            if text := _paragraph(element).strip():
                yield _style(element, styles), text
            for box in _boxes(element):
                yield from _blocks(box, styles)
        elif name == "tbl":
            if rows := "\n".join(_rows(element)):
                yield "table", rows
        elif name not in _NO_TEXT:
            yield from _blocks(element, styles)


def _rows(table: Any) -> Iterator[str]:
    for row in _nearest(table, "tr"):
        cells = [" ".join(t for _, t in _blocks(cell, {})) for cell in _nearest(row, "tc")]
        if any(cells):
            yield f"| {' | '.join(one_line(cell, TEXT_AT_MOST) for cell in cells)} |"


def _nearest(root: Any, name: str) -> Iterator[Any]:
    """Yield the elements of this name that are not inside another one of it."""
    for element in root:
        if name_of(element) == name:
            yield element
        elif name_of(element) not in _NO_TEXT:
            yield from _nearest(element, name)


def _paragraph(root: Any) -> str:
    """Return the text of a paragraph, without that of boxes which are only anchored in it."""
    parts: list[str] = []
    for element in root:
        name = name_of(element)
        if name == "t":
            parts.append(element.text or "")
        elif name in _MARKS:
            parts.append(_MARKS[name])
        elif name not in _NO_TEXT and name != "txbxContent" and not _hidden(element):
            parts.append(_paragraph(element))
    return "".join(parts)


def _boxes(root: Any) -> Iterator[Any]:
    for element in root:
        if name_of(element) == "txbxContent":
            yield element
        elif name_of(element) not in _NO_TEXT:
            yield from _boxes(element)


def _style(paragraph: Any, styles: dict[str, str]) -> str:
    for properties in paragraph:
        for element in properties if name_of(properties) == "pPr" else ():
            if name_of(element) == "pStyle":
                id = _value(element, "val")
                return styles.get(id, id.lower())
    return ""


def _hidden(run: Any) -> bool:
    """Say whether a run of text is formatted as hidden."""
    return any(
        name_of(element) == "vanish" and _value(element, "val") not in _OFF
        for properties in run
        if name_of(properties) == "rPr"
        for element in properties
    )


def _value(element: Any, name: str) -> str:
    """Return an attribute whatever its namespace is, which has two forms in this format."""
    return next((value for key, value in element.attrib.items() if name_of(key) == name), "")
