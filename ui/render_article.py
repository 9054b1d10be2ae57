"""Single articles as HTML for the Library page: whole, as a line of a list, and as copies.

Titles, sources, uris and texts are of articles, and hostile; each passes through ``escape`` and
stands in a ``bdi``, so that what turns the direction of writing turns nothing around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.frame import address, day
from ui.marked import marked
from ui.passages import clip, escape
from ui.wanted import DUPLICATES, LIBRARY, Span, Wanted, article_at

if TYPE_CHECKING:
    from kb import Article

__all__ = [
    "ASK",
    "TOLD",
    "article",
    "counted",
    "duplicates",
    "named",
    "paging",
    "place",
    "remove_button",
    "source_link",
    "title_link",
]

_TITLE = 300
_PLACE = 160

ASK = """<dialog id="fn-ask" aria-labelledby="fn-ask-h"><form method="dialog">
<h2 id="fn-ask-h">Remove this article?</h2><p><bdi id="fn-ask-title"></bdi></p>
<p class="fn-hint">It is not found or cited any more, and no sync brings it back.</p>
<p class="fn-buttons"><button value="keep" autofocus>Keep it</button>
<button value="remove" class="fn-danger">Remove it</button></p></form></dialog>"""
TOLD = '<p id="fn-told" role="status" aria-live="polite"></p>'


def named(article: Article) -> str:
    """Return what an article is called, on one line."""
    return clip(article.title, _TITLE) or "(without a title)"


def article(article: Article, cited: Sequence[Span] = (), *, may_write: bool) -> str:
    """Return a whole article.

    Args:
        cited: The characters of its text that are marked.
    """
    url = f"<dt>Address</dt><dd>{address(article.url)}</dd>" if article.url else ""
    known = [source_link(article.source)] if article.source else []
    known += [f"<bdi>{escape(article.author)}</bdi>"] if article.author else []
    known += [day(article.published_at)] if article.published_at else []
    byline = "".join(f"<span>{one}</span>" for one in known)
    remove = remove_button(article) if may_write else ""
    language = f' lang="{escape(article.language)}"' if article.language else ""
    return (
        f'<p class="fn-back"><a href="{LIBRARY}">Library</a></p>{TOLD}<article class="fn-whole">'
        f'<h1 dir="auto">{escape(article.title)}</h1><p class="fn-byline">{byline}</p>'
        f'<dl class="fn-known">{url}<dt>Place</dt><dd><bdi>{escape(article.uri)}</bdi></dd>'
        f"<dt>Id</dt><dd><code>{escape(article.id)}</code></dd></dl>{remove}"
        '<h2 class="fn-unseen">Text</h2>'
        f'<div class="fn-text" dir="auto"{language}>{marked(article.text, cited)}</div>'
        f"</article>{ASK}"
    )


def duplicates(
    stories: Sequence[Sequence[tuple[Article, float]]],
    total: int,
    page: int,
    pages: int,
    *,
    may_write: bool,
) -> str:
    """Return a page of the stories that stand in several articles."""
    told = (
        f"{counted(total, 'story stands', 'stories stand')} in several articles. They are found as "
        "one, with the other places named beside it."
        if total
        else "No two articles are copies of each other."
    )
    shown = "".join(_story(story, may_write) for story in stories)
    before, after = (f"{DUPLICATES}?page={n}" for n in (page - 1, page + 1))
    last = paging(before, after, page, pages)
    return (
        f'<p class="fn-back"><a href="{LIBRARY}">Library</a></p>{TOLD}<h1>Duplicates</h1>'
        f'<p class="fn-hint">{told}</p><div id="fn-articles">{shown}{last}</div>{ASK}'
    )


def _story(story: Sequence[tuple[Article, float]], may_write: bool) -> str:
    items = "".join(
        f'<li>{title_link(one)}<p class="fn-byline"><span>{similarity:.0%} alike</span>'
        + (f"<span><bdi>{escape(one.source)}</bdi></span>" if one.source else "")
        + (f"<span>{day(one.published_at)}</span>" if one.published_at else "")
        + f"</p>{remove_button(one) if may_write else ''}</li>"
        for one, similarity in story
    )
    title = escape(named(story[0][0]))
    return f'<section class="fn-story"><h2 dir="auto">{title}</h2><ul>{items}</ul></section>'


def counted(number: int, one: str, several: str) -> str:
    """Return how many there are, in words."""
    return f"{number:,} {one if number == 1 else several}"


def title_link(article: Article) -> str:
    """Return the title of an article as a link that opens it."""
    return f'<a href="{escape(article_at(article.id))}"><bdi>{escape(named(article))}</bdi></a>'


def place(article: Article) -> str:
    """Return where an article was read from."""
    return f'<span class="fn-place"><bdi>{escape(clip(article.uri, _PLACE))}</bdi></span>'


def source_link(source: str) -> str:
    """Return a source as a link to the articles that are of it."""
    target = Wanted(source=source).address
    return f'<a href="{escape(target)}"><bdi>{escape(clip(source, _PLACE))}</bdi></a>'


def remove_button(article: Article) -> str:
    """Return the button that removes an article, after a question."""
    title = escape(named(article))
    return (
        f'<button type="button" class="fn-remove" data-id="{escape(article.id)}"'
        f' data-title="{title}" aria-label="Remove: {title}">Remove</button>'
    )


def paging(before: str, after: str, page: int, pages: int, jump: str = "") -> str:
    """Return the links to the pages before and after; nothing where there is one page only.

    Args:
        jump: What stands between them, else the number of the page.
    """
    if pages == 1:
        return ""
    previous = f'<a rel="prev" href="{escape(before)}">← Previous</a>' if page > 1 else ""
    following = f'<a rel="next" href="{escape(after)}">Next →</a>' if page < pages else ""
    middle = jump or f"<span>Page {page:,} of {pages:,}</span>"
    return (
        f'<nav class="fn-paging" aria-label="Pages of the list"><span>{previous}</span>{middle}'
        f"<span>{following}</span></nav>"
    )
