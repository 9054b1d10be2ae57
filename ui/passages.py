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

if TYPE_CHECKING:
    from kb import Article, Hit

__all__ = ["byline", "clip", "escape", "link", "sendable", "store"]

CONTEXT = 900
"""Characters of the article shown before and after a quote."""

EXCERPT = 220

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
    return f'<a class="fn-open" href="#{target}" data-open="{target}">{escape(text)}</a>'


def clip(text: str, limit: int) -> str:
    """Return ``text`` on one line, cut at a word if it has more than ``limit`` characters."""
    words = " ".join(text.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + "…"


def store(number: int, hits: Sequence[Hit], citations: Sequence[Citation]) -> str:
    """Return the views of a turn, hidden.

    Not as ``<template>``: Gradio updates a page by patching, and does not see inside one.
    """
    views = [_cited(f"t{number}-c{citation.number}", citation) for citation in citations]
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


def _cited(target: str, citation: Citation) -> str:
    if citation.kept:
        return _as_it_was(target, citation)
    text, start, end = citation.article.text, citation.start, citation.end
    left, right = _window(text, start, end)
    before, after = _prose(text[left:start]), _prose(text[end:right])
    cut = (" fn-cut-before" if left else "") + (" fn-cut-after" if right < len(text) else "")
    return (
        f'<section id="{target}">{_head(citation.article, citation.page)}'
        f'<div class="fn-text{cut}" dir="auto">'
        f"{before}<mark>{escape(citation.quote)}</mark>{after}</div>"
        f'<p class="fn-whole"><button type="button" class="fn-read"'
        f' data-article="{escape(citation.article.id)}" data-start="{start}" data-end="{end}">'
        "Read the whole article</button></p></section>"
    )


def _as_it_was(target: str, citation: Citation) -> str:
    """What a stored answer cites of an article that no longer has it there."""
    assert citation.kept
    why = "has been removed" if citation.kept.removed else "has changed"
    quote = escape(citation.quote or "(removed with its article)")
    return (
        f'<section id="{target}">{_head(citation.article, citation.page)}'
        f'<p class="fn-hint">The article {why} since; this is what it said.</p>'
        f'<div class="fn-text" dir="auto"><mark>{quote}</mark></div></section>'
    )


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


def _head(article: Article, page: int | None) -> str:
    author = f'<span class="fn-author">{escape(article.author)}</span>' if article.author else ""
    place = f'<span class="fn-uri">{escape(article.uri)}</span>'
    if article.url and _is_web(article.url):
        place += (
            f'<a class="fn-url" href="{escape(article.url)}" target="_blank"'
            f' rel="noopener noreferrer nofollow">{escape(article.url)}</a>'
        )
    elif article.url:
        place += f'<span class="fn-uri">{escape(article.url)}</span>'
    return (
        f'<header><h2 tabindex="-1">{escape(article.title)}</h2>{byline(article, page, author)}'
        f'<p class="fn-place">{place}</p></header>'
    )


def byline(article: Article, page: int | None, more: str = "") -> str:
    """Return source, date and the page if there is one, and ``more`` HTML after them."""
    source = f'<span class="fn-source">{escape(article.source)}</span>' if article.source else ""
    day = f"<time>{escape(_day(article.published_at))}</time>" if article.published_at else ""
    leaf = f'<span class="fn-page">p. {page}</span>' if page else ""
    return f'<span class="fn-byline">{source}{day}{leaf}{more}</span>'


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
