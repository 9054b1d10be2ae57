"""What a person does to single articles: remove them for good, let them back in, look at copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.article import Article
from index.errors import NotFoundError
from index.home import Home
from index.store import Store

__all__ = ["duplicates", "found", "readmit", "remove"]


def found(home: Home, id_or_uri: str, *, exact: bool = False) -> Article:
    """Return one article with its text; raises ``NotFoundError`` if there is none.

    Args:
        exact: Whether it has to be the id, whole.
    """
    article = home.catalog.article(id_or_uri)
    if article is None or (exact and article.id != id_or_uri):
        raise NotFoundError(
            f"there is no one article {id_or_uri!r}", "see the ids with: kb articles list"
        )
    return article


def remove(home: Home, ids: Sequence[str]) -> list[Article]:
    """Remove articles so that no sync brings them back; return them without their texts.

    Raises:
        NotFoundError: There is no such article; then none is removed.
    """
    gone = {one.id: replace(one, text="") for one in (found(home, id) for id in ids)}
    store = Store(home)
    store.remove(list(gone), exclude=True)
    store.close()
    return list(gone.values())


def readmit(home: Home, ids: Sequence[str]) -> None:
    """Let removed articles come back with the next sync of where they are.

    Raises:
        NotFoundError: There is none such.
    """
    excluded = home.catalog.excluded()
    for id in ids:
        if id not in excluded:
            raise NotFoundError(
                f"no article {id!r} was removed", "see them with: kb articles list --removed"
            )
    home.catalog.readmit(ids)


def duplicates(home: Home) -> list[list[tuple[Article, float]]]:
    """Return the stories that stand in several articles, see ``KnowledgeBase.duplicates``."""
    groups = home.catalog.copies.groups()
    articles = home.catalog.brief([id for group in groups for id, _ in group])
    return [
        [(articles[id], similarity) for id, similarity in group if id in articles]
        for group in groups
    ]
