"""HTML: the main text of a page without what surrounds it, and what the page says of itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, BinaryIO

from index.article import Article
from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST
from index.readers.encoding import markup_decoded
from index.readers.hidden import drop_hidden
from index.readers.markup import parsed, plain_text
from index.readers.metadata import Metadata
from index.readers.page import offer_page

__all__ = ["html_article", "html_text", "read_html"]

# What it would log of a page is told by a ``ReadError``, once.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

# Comparing several algorithms takes time with the square of the elements: 0.2 s for these, 11 s
# for 32,000. The first alone reads a longer page.
_COMPARED_AT_MOST = 4_000
_ELEMENTS_AT_MOST = 30_000  # for which that one can take 10 s


def read_html(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the one article of a saved page; nothing is ever fetched.

    Raises:
        ReadError: The file is binary, too large or too deeply nested, or holds no article.
    """
    yield html_article(file.read(TEXT_AT_MOST + 1), id=id, uri=uri)


def html_article(
    html: bytes | str, *, id: str, uri: str, metadata: Metadata | None = None
) -> Article:
    """Return the article of a page: its main text, headings and list items as lines of their own.

    Navigation, banners, comments and the like are left out. Equal pages give equal articles.

    Args:
        metadata: What is known already and counts more than what the page says, which is added.

    Raises:
        ReadError: It is binary, too large or too deeply nested, or holds no article.
    """
    text = html if isinstance(html, str) else markup_decoded(html, uri)
    tree = parsed(text, uri, _ELEMENTS_AT_MOST)
    known = Metadata(uri) if metadata is None else metadata
    offer_page(tree, known)
    drop_hidden(tree)
    found = _main_text(tree)
    if not found:
        raise ReadError(
            f"{uri!r} has no article text",
            "save the page of one article, after its text has loaded",
        )
    return known.article(id, found, uri=uri)


def html_text(fragment: str, uri: str = "HTML") -> str:
    """Return all the text of a fragment, such as an email's or a feed entry's; "" if it has none.

    Nothing is taken for boilerplate: a newsletter is its own content. Blocks become paragraphs;
    scripts, styles and what is hidden are left out.

    Raises:
        ReadError: It is too large or too deeply nested.
    """
    if not fragment.strip():
        return ""
    return plain_text(parsed(f"<body>{fragment}", uri).find("body"))


def _main_text(tree: Any) -> str:
    from lxml.etree import LxmlError
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    fast = sum(1 for _ in tree.iter()) > _COMPARED_AT_MOST
    try:
        # The tree and not its text: that one would undo escapes twice, and "&amp;lt;" become "<".
        # deduplicate would leave out what stood in a page that was read before.
        found = bare_extraction(
            tree,
            fast=fast,
            output_format="xml",
            include_comments=False,
            include_tables=True,
            deduplicate=False,
        )
    except (LxmlError, AttributeError, LookupError, RuntimeError, TypeError, ValueError):
        return ""  # in a tree that it does not foresee it finds nothing
    return plain_text(found.body) if isinstance(found, Document) else ""
