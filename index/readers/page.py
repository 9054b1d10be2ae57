"""What an HTML page says of itself, best place first, each value with the place it stood in."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator
from typing import Any

from index.readers.canonical import web_address, web_date
from index.readers.markup import Node
from index.readers.metadata import Metadata

__all__ = ["offer_page"]

# Names of meta tags, best first, as a person would look for them; cases differ between pages.
_META = {
    "title": ("og:title", "citation_title", "DC.title", "dcterms.title", "twitter:title"),
    "author": ("author", "article:author", "citation_author", "DC.creator", "dcterms.creator"),
    "source": (
        *("og:site_name", "citation_journal_title", "DC.publisher", "dcterms.publisher"),
        "application-name",
    ),
    "published_at": (
        *("article:published_time", "og:published_time", "datePublished", "date", "pubdate"),
        *("citation_publication_date", "citation_date", "DC.date", "DC.date.issued"),
        *("dcterms.issued", "dcterms.created", "dcterms.date"),
    ),
    "url": ("og:url",),
    "language": ("content-language", "DC.language", "dcterms.language"),
}
_PARTS_AT_MOST = 1_000  # of one block of JSON-LD
_AUTHORS_AT_MOST = 10


def offer_page(tree: Node, metadata: Metadata) -> None:
    """Offer what JSON-LD, meta tags, links, times and titles of a page say, in that order.

    Dates that are none and addresses that are not http or https are passed over.
    """
    for part in _articles(tree):
        _offer_json(part, metadata)
    _offer_meta(tree, metadata)
    for node in tree.iter("link"):
        if "canonical" in node.get("rel", "").lower().split():
            metadata.offer("url", web_address(node.get("href")), "link canonical")
    times = [node for node in tree.iter("time") if node.get("datetime")]
    times.sort(key=_is_no_publication)
    for node in times[:1]:
        metadata.offer("published_at", web_date(node.get("datetime")), "time datetime")
    _offer_title(tree, metadata)


def _offer_title(tree: Node, metadata: Metadata) -> None:
    """Offer the title, or the heading that it begins with before the name of the site."""
    titles = _texts(tree, "title")
    headings = _texts(tree, "h1")
    for heading in headings:
        if titles and titles[0].startswith(heading):
            metadata.offer("title", heading, "h1")
    for text, origin in ((titles, "title"), (headings, "h1")):
        metadata.offer("title", next(iter(text), None), origin)


def _texts(tree: Node, tag: str) -> list[str]:
    texts = (" ".join("".join(node.itertext()).split()) for node in tree.iter(tag))
    return [text for text in texts if text]


def _is_no_publication(node: Node) -> bool:
    return node.get("itemprop") != "datePublished" and node.get("pubdate") is None


def _offer_meta(tree: Node, metadata: Metadata) -> None:
    found: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        given = (node.get(key) for key in ("property", "name", "itemprop", "http-equiv"))
        for called in {one.strip().lower() for one in given if one}:
            found.setdefault(called, []).append(node.get("content") or "")
    metadata.offer("language", tree.get("lang") or tree.get("xml:lang"), "html lang")
    for field, names in _META.items():
        for name in names:
            for value in _values(field, found.get(name.lower(), ())):
                metadata.offer(field, value, f"meta {name}")


def _values(field: str, written: Iterable[str]) -> Iterator[str | None]:
    if field == "author":
        # article:author is often the address of a profile
        names = [value for value in written if value.strip() and not web_address(value)]
        yield ", ".join(dict.fromkeys(names[:_AUTHORS_AT_MOST]))
        return
    for value in written:
        match field:
            case "published_at":
                yield web_date(value)
            case "url":
                yield web_address(value)
            case _:
                yield value


def _offer_json(part: dict[str, Any], metadata: Metadata) -> None:
    page = part.get("mainEntityOfPage")
    addresses = (part.get("url"), page, page.get("@id") if isinstance(page, dict) else None)
    for name, key, value in (
        ("title", "headline", _text(part.get("headline"))),
        ("author", "author", _names(part.get("author"))),
        ("published_at", "datePublished", web_date(_text(part.get("datePublished")))),
        ("source", "publisher", _names(part.get("publisher"))),
        ("url", "url", next(filter(None, map(web_address, addresses)), None)),
        ("language", "inLanguage", _text(part.get("inLanguage"))),
    ):
        metadata.offer(name, value, f"JSON-LD {key}")


def _articles(tree: Node) -> list[dict[str, Any]]:
    """Return the parts of JSON-LD that describe an article, pages last; references are resolved."""
    parts: list[dict[str, Any]] = []
    for node in tree.iter("script"):
        if node.get("type", "").split(";")[0].strip().lower() == "application/ld+json":
            parts += _parts(node.text or "")
    named = {part["@id"]: part for part in reversed(parts) if isinstance(part.get("@id"), str)}
    ranked = sorted((part for part in parts if _rank(part) < 2), key=_rank)[:1]
    for part in ranked:
        for key in ("author", "publisher"):
            part[key] = [_resolved(one, named) for one in _list(part.get(key))]
    return ranked


def _parts(text: str) -> list[dict[str, Any]]:
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return []
    parts: list[dict[str, Any]] = []
    for _ in range(_PARTS_AT_MOST):
        if not waiting:
            break
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value[:_PARTS_AT_MOST])
        elif isinstance(value, dict):
            parts.append(value)
            waiting += reversed(_list(value.get("@graph"))[:_PARTS_AT_MOST])
    return parts


def _rank(part: dict[str, Any]) -> int:
    """Return 0 for an article, 1 for a page that may be one, 2 for anything else."""
    kinds = [kind for kind in _list(part.get("@type")) if isinstance(kind, str)]
    if any(kind.endswith(("Article", "BlogPosting", "Report")) for kind in kinds):
        return 0
    return 1 if any(kind.endswith("WebPage") for kind in kinds) else 2


def _resolved(value: Any, named: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return named.get(value["@id"], value)
    return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str | None:
    for one in _list(value):
        if isinstance(one, str) and one.strip():
            return html.unescape(one)
    return None


def _names(value: Any) -> str | None:
    """Return the names of people or organisations, which may be given as texts or objects."""
    names = []
    for one in _list(value)[:_AUTHORS_AT_MOST]:
        name = _text(one.get("name") if isinstance(one, dict) else one)
        if name and not web_address(name):
            names.append(" ".join(name.split()))
    return ", ".join(dict.fromkeys(names)) or None
