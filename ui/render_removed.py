"""The articles that were removed by hand, as HTML: their uris are all that is known of them."""

from __future__ import annotations

from collections.abc import Mapping

from ui.passages import clip, escape
from ui.render_article import TOLD, counted, paging
from ui.wanted import LIBRARY, REMOVED

__all__ = ["removed"]

_URI = 300
_ABOUT = """No sync brings them back, unless they are taken back here: then the next sync of where
they are does. What was handed in is gone, and comes back when it is handed in again."""


def removed(uris: Mapping[str, str], total: int, page: int, pages: int, *, may_write: bool) -> str:
    """Return a page of what was removed.

    Args:
        uris: Those of this page, by id.
    """
    rows = "".join(_row(id, uri, may_write) for id, uri in uris.items())
    last = '<th scope="col"><span class="fn-unseen">Take back</span></th>' if may_write else ""
    table = (
        '<table class="fn-table"><caption class="fn-unseen">Removed articles</caption><thead><tr>'
        f'<th scope="col">Place</th>{last}</tr></thead><tbody>{rows}</tbody></table>'
        if rows
        else ""
    )
    before, after = (f"{REMOVED}?page={n}" for n in (page - 1, page + 1))
    told = (
        f"{counted(total, 'article was', 'articles were')} removed by hand. {_ABOUT}"
        if total
        else "No article was removed by hand."
    )
    return (
        f'<p class="fn-back"><a href="{LIBRARY}">Library</a></p>{TOLD}'
        '<h1 id="fn-list-h" tabindex="-1">Removed</h1><div id="fn-articles">'
        f'<p class="fn-hint">{told}</p>{table}{paging(before, after, page, pages)}</div>'
    )


def _row(id: str, uri: str, may_write: bool) -> str:
    name = escape(clip(uri, _URI))
    button = (
        f'<td class="fn-last"><button type="button" class="fn-readmit" data-id="{escape(id)}"'
        f' data-title="{name}" aria-label="Take back: {name}">Take back</button></td>'
        if may_write
        else ""
    )
    return (
        f'<tr><th scope="row"><bdi>{name}</bdi><span class="fn-place"><code>{escape(id)}</code>'
        f"</span></th>{button}</tr>"
    )
