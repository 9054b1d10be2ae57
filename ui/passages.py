"""Articles as HTML: what the panel shows of them, and the bylines; pure, everything escaped.

A turn carries these views hidden, under ids with its number (``t2-c1``: the first footnote of the
second answer, ``t2-h3``: the third passage found for it); the page's script shows them on demand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import escape as escape_html
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kb.answer import Citation
from ui.wanted import Span, article_at

if TYPE_CHECKING:
    from kb import Article, Hit

__all__ = ["REMOVED", "byline", "clip", "escape", "link", "sendable", "store"]

CONTEXT = 900
"""Characters of the article shown before and after a quote."""

EXCERPT = 220

REMOVED = "(removed with its article)"
"""What is shown of a quote that is gone from the stored answer too."""

_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)


def escape(text: str) -> str:
    """Return ``text`` so that a browser shows these characters and sees no markup.

    Carriage returns survive the parser's normalisation as references; NUL and lone surrogates,
    which no HTML can carry, become U+FFFD.
    """
    return escape_html(sendable(text), quote=True).replace("\r", "&#13;")


def sendable(text: str) -> str:
    """Return ``text`` with U+FFFD for what no page can carry: NUL and lone surrogates."""
    return text.replace("\0", "�").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def link(target: str, text: str) -> str:
    """Return a link that opens the view ``target`` in the panel."""
    return f'<a class="fn-open" href="#{target}" data-open="{target}"><bdi>{escape(text)}</bdi></a>'


def clip(text: str, limit: int) -> str:
    """Return ``text`` on one line, cut at a word if it has more than ``limit`` characters."""
    words = " ".join(text.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + "…"


def store(number: int, hits: Sequence[Hit], citations: Sequence[Citation]) -> str:
    """Return the views of a turn, hidden.

    Not as ``<template>``: Gradio updates a page by patching, and does not see inside one.
    """
    marked: dict[str, list[Span]] = {}
    for one in citations:
        if not one.kept:
            marked.setdefault(one.article.id, []).append((one.start, one.end))
    views = [
        _cited(f"t{number}-c{one.number}", one, marked.get(one.article.id, ())) for one in citations
    ]
    views += [_passage(f"t{number}-h{rank}", hit) for rank, hit in enumerate(hits, 1)]
    if hits:
        cards = "".join(_card(f"t{number}-h{rank}", hit) for rank, hit in enumerate(hits, 1))
        views.append(
            f'<section id="t{number}-found" data-list="1"><h2>Passages found</h2>{cards}</section>'
        )
    return f'<div class="fn-store" hidden>{"".join(views)}</div>'


def _card(target: str, hit: Hit) -> str:
    excerpt = _HEADING.sub("", hit.passage.text).strip()
    return (
        f'<a class="fn-card" href="#{target}" data-open="{target}">'
        f'<span class="fn-card-title">{escape(hit.article.title)}</span>'
        f"{byline(hit.article, hit.page)}"
        f'<span class="fn-excerpt">{escape(clip(excerpt or hit.passage.text, EXCERPT))}</span></a>'
    )


def _passage(target: str, hit: Hit) -> str:
    text = f'<div class="fn-text" dir="auto">{_prose(hit.passage.text)}</div>'
    return f'<section id="{target}">{_head(hit.article, hit.page)}{text}</section>'


def _cited(target: str, citation: Citation, marked: Sequence[Span]) -> str:
    """What is cited, with what stands around it; the page's script puts the whole article there.

    Args:
        marked: All that the answer cites of the article.
    """
    if citation.kept:
        return _as_it_was(target, citation)
    text, start, end = citation.article.text, citation.start, citation.end
    left, right = _window(text, start, end)
    before, after = _prose(text[left:start]), _prose(text[end:right])
    cut = (" fn-cut-before" if left else "") + (" fn-cut-after" if right < len(text) else "")
    whole = article_at(citation.article.id, *marked)
    place = _in_the_library(article_at(citation.article.id, (start, end)) + "#cited")
    return (
        f'<section id="{target}" data-cited="{start}-{end}" data-whole="{escape(whole)}">'
        f"{_head(citation.article, citation.page, place)}"
        f'<div class="fn-text{cut}" dir="auto">'
        f'{before}<mark class="fn-present">{escape(citation.quote)}</mark>{after}</div></section>'
    )


def _as_it_was(target: str, citation: Citation) -> str:
    """What a stored answer cites of an article that no longer has it there."""
    assert citation.kept
    why = "has been removed" if citation.kept.removed else "has changed"
    place = "" if citation.kept.removed else _in_the_library(article_at(citation.article.id))
    quote = escape(citation.quote or REMOVED)
    return (
        f'<section id="{target}" data-cited="">{_head(citation.article, citation.page, place)}'
        f'<p class="fn-hint">The article {why} since; this is what it said.</p>'
        f'<div class="fn-text" dir="auto"><mark class="fn-present">{quote}</mark></div></section>'
    )


def _in_the_library(address: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener">Open in the Library</a>'


def _prose(text: str) -> str:
    """What is not quoted, with Markdown's headings set as headings."""
    return _HEADING.sub(r'<strong class="fn-subhead">\1</strong>', escape(text))


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """The borders of what is shown around a quote: at a paragraph, else at a word."""
    left, right = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    if left:
        paragraph, word = text.find("\n\n", left, start), text.find(" ", left, start)
        left = paragraph + 2 if paragraph >= 0 else word + 1 if word >= 0 else left
    if right < len(text):
        paragraph, word = text.rfind("\n\n", end, right), text.rfind(" ", end, right)
        right = paragraph if paragraph >= 0 else word if word >= 0 else right
    return left, right


def _head(article: Article, page: int | None, more: str = "") -> str:
    author = _isolated("fn-author", article.author) if article.author else ""
    place = _isolated("fn-uri", article.uri)
    if article.url and _is_web(article.url):
        place += (
            f'<a class="fn-url" href="{escape(article.url)}" target="_blank"'
            f' rel="noopener noreferrer nofollow"><bdi>{escape(article.url)}</bdi></a>'
        )
    elif article.url:
        place += _isolated("fn-uri", article.url)
    return (
        f'<header><h2 tabindex="-1"><bdi>{escape(article.title)}</bdi></h2>'
        f'{byline(article, page, author)}<p class="fn-place">{place}{more}</p></header>'
    )


def byline(article: Article, page: int | None, more: str = "") -> str:
    """Return source, date and the page if there is one, and ``more`` HTML after them."""
    source = _isolated("fn-source", article.source) if article.source else ""
    when = article.published_at
    day = f"<time><bdi>{escape(_day(when))}</bdi></time>" if when else ""
    leaf = f'<span class="fn-page">p. {page}</span>' if page else ""
    return f'<span class="fn-byline">{source}{day}{leaf}{more}</span>'


def _isolated(name: str, text: str) -> str:
    """Text that turns nothing around it, whatever direction it is written in."""
    return f'<span class="{name}"><bdi>{escape(text)}</bdi></span>'


def _day(published_at: str) -> str:
    try:
        day = date.fromisoformat(published_at[:10])
    except ValueError:
        return published_at
    return f"{day.day} {day:%B} {day.year}"


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and url.isprintable()
