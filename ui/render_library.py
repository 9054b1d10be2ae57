"""The list of the Library page as HTML: pure functions that escape everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb import Order
from ui.frame import day
from ui.passages import escape
from ui.plot import plot
from ui.render_article import (
    ASK,
    TOLD,
    counted,
    paging,
    place,
    remove_button,
    source_link,
    title_link,
)
from ui.wanted import DUPLICATES, LIBRARY, REMOVED, Wanted

if TYPE_CHECKING:
    from kb import Article, Timeline

__all__ = ["View", "library"]

_ORDERS = {
    Order.NEWEST: "Newest first",
    Order.OLDEST: "Oldest first",
    Order.TITLE: "By title",
    Order.SOURCE: "By source",
}
_ARROWS = {"ascending": "▲", "descending": "▼"}

_ADD = """<section id="fn-add" aria-labelledby="fn-add-h"><h2 id="fn-add-h">Add articles</h2>
<div class="fn-ways"><div id="fn-drop"><p><strong>Drop files here</strong>, or
<button type="button" id="fn-choose">choose files</button></p>
<p class="fn-hint">PDF, web pages, Word, e-books, e-mails, feeds, tables, JSON Lines, text;
each up to {most}.</p>
<input type="file" id="fn-files" multiple hidden aria-label="Files"></div>
<form id="fn-by-address"><label for="fn-address">Address of a page, a feed or a sitemap</label>
<div class="fn-line"><input type="url" id="fn-address" required maxlength="2000"
placeholder="https://…"><button>Read</button></div></form></div>
<noscript><p class="fn-notice">To add and to remove takes JavaScript, to read does not.</p>
</noscript>
<ul id="fn-handed" class="fn-jobs" aria-label="Files handed in"></ul></section>"""
_SYNCS = """<section id="fn-syncs" aria-labelledby="fn-syncs-h" hidden>
<h2 id="fn-syncs-h">Syncs</h2><ul class="fn-jobs"></ul></section>"""


@dataclass(slots=True)
class View:
    """What the page shows.

    Attributes:
        sources: Those that are offered while one types.
        may_write: Whether the visitor may add and remove.
        upload: The bytes that a document may have.
        problem: Why nothing can be listed, in a line.
        total: How many articles there are, of which ``articles`` are a page.
    """

    wanted: Wanted
    sources: Sequence[str] = ()
    may_write: bool = False
    upload: int = 0
    problem: str = ""
    articles: Sequence[Article] = ()
    total: int = 0
    pages: int = 1
    timeline: Timeline | None = None


def library(view: View) -> str:
    """Return the list of articles with all that belongs to it."""
    most = f"{view.upload / 1_000_000:,.0f} MB"
    changing = _ADD.replace("{most}", most) if view.may_write else ""
    drawn = plot(view.timeline, view.wanted) if view.timeline and view.total else ""
    return (
        f"<h1>Library</h1>{TOLD}{changing}{_SYNCS}"
        f'<section id="fn-list" aria-labelledby="fn-list-h">{_heading(view)}{_form(view)}'
        f'<div id="fn-plot">{drawn}</div>'
        f'<div id="fn-articles">{_table(view)}{_pages(view)}</div></section>{ASK}'
    )


def _heading(view: View) -> str:
    count = counted(view.total, "article", "articles")
    of = " that fit" + ("s" if view.total == 1 else "") if view.wanted.some else ""
    others = f'<a href="{DUPLICATES}">Duplicates</a> <a href="{REMOVED}">Removed</a>'
    return (
        f'<div class="fn-heading"><h2 id="fn-list-h" tabindex="-1">{count}{of}</h2>'
        f"<p>{others}</p></div>"
    )


def _form(view: View) -> str:
    wanted = view.wanted
    options = "".join(
        f'<option value="{order.value}"{_selected(order is wanted.order)}>{name}</option>'
        for order, name in _ORDERS.items()
    )
    sources = "".join(f'<option value="{escape(one)}"></option>' for one in view.sources)
    problem = (
        f'<p class="fn-notice" role="alert">{escape(view.problem)}</p>' if view.problem else ""
    )
    clear = f'<a href="{LIBRARY}">Show all</a>' if wanted.some else ""
    return (
        f'<form class="fn-filter" method="get" action="{LIBRARY}" role="search"'
        ' aria-label="Filter the articles">'
        f"{_field('text', 'Words', wanted.text, kind='search')}"
        f"{_field('source', 'Source', wanted.source, offered='fn-sources')}"
        f"{_field('since', 'From', wanted.since, kind='date')}"
        f"{_field('until', 'Until', wanted.until, kind='date')}"
        f'<label>Order<select name="order">{options}</select></label>'
        f'<p class="fn-buttons"><button>Show</button>{clear}</p>'
        f'<datalist id="fn-sources">{sources}</datalist></form>{problem}'
    )


def _selected(yes: bool) -> str:
    return " selected" if yes else ""


def _field(name: str, label: str, value: str, *, kind: str = "text", offered: str = "") -> str:
    limit = "" if kind == "date" else ' maxlength="1000"'
    offers = f' list="{offered}"' if offered else ""
    return (
        f'<label>{label}<input type="{kind}" name="{name}" value="{escape(value)}"{limit}{offers}>'
        "</label>"
    )


def _table(view: View) -> str:
    if view.problem:
        return ""
    if not view.articles:
        none = (
            f'No article fits. <a href="{LIBRARY}">Show all</a>'
            if view.wanted.some
            else "There are no articles yet."
        )
        return f'<p class="fn-hint">{none}</p>'
    last = '<th scope="col"><span class="fn-unseen">Remove</span></th>' if view.may_write else ""
    head = (
        _head("Title", view.wanted, Order.TITLE)
        + _head("Source", view.wanted, Order.SOURCE)
        + _head("Published", view.wanted, Order.NEWEST, Order.OLDEST)
    )
    rows = "".join(_row(one, view.may_write) for one in view.articles)
    return (
        '<table class="fn-table"><caption class="fn-unseen">Articles, '
        f"{_ORDERS[view.wanted.order].lower()}</caption><thead><tr>{head}{last}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _head(name: str, wanted: Wanted, order: Order, other: Order | None = None) -> str:
    """A heading that sorts; pressed again, the other way round if there is one."""
    sort = "descending" if order is Order.NEWEST else "ascending"
    if wanted.order is other:
        sort = "ascending"
    elif wanted.order is not order:
        target = wanted.sorted(order).address
        return f'<th scope="col"><a href="{escape(target)}">{name}</a></th>'
    target = wanted.sorted(other if other and wanted.order is order else order).address
    arrow = f'<span aria-hidden="true"> {_ARROWS[sort]}</span>'
    return f'<th scope="col" aria-sort="{sort}"><a href="{escape(target)}">{name}{arrow}</a></th>'


def _row(article: Article, may_write: bool) -> str:
    remove = f'<td class="fn-last">{remove_button(article)}</td>' if may_write else ""
    source = source_link(article.source) if article.source else ""
    return (
        f'<tr><th scope="row">{title_link(article)}{place(article)}</th>'
        f"<td>{source}</td><td>{day(article.published_at)}</td>{remove}</tr>"
    )


def _pages(view: View) -> str:
    page = view.wanted.page
    before, after = (view.wanted.on(n).address for n in (page - 1, page + 1))
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in (
            ("text", view.wanted.text),
            ("source", view.wanted.source),
            ("since", view.wanted.since),
            ("until", view.wanted.until),
            ("order", view.wanted.order.value),
        )
        if value
    )
    jump = (
        f'<form method="get" action="{LIBRARY}">{hidden}<label>Page <input type="number"'
        f' name="page" min="1" max="{view.pages}" value="{page}" required></label>'
        f" of {view.pages:,} <button>Go</button></form>"
    )
    return paging(before, after, page, view.pages, jump)
