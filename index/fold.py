"""Copies of one story folded, so that an agency's text in ten papers is one hit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from index.article import Article, Passage
from index.copies import resemblance

__all__ = ["Folded", "folded"]

_ALIKE = 0.5


@dataclass(slots=True)
class Folded:
    """A passage, and the other articles that have it too, or nearly."""

    id: str
    passage: Passage
    article: Article
    copies: list[Article] = field(default_factory=list)

    def has(self, passage: Passage, story: Mapping[str, str]) -> bool:
        """Say whether a passage of another article is a copy of this one."""
        own, other = self.article.id, passage.article_id
        return (
            own != other
            and story[own] == story[other]
            and resemblance(self.passage.text, passage.text) >= _ALIKE
        )


def folded(
    ranked: Iterable[tuple[str, Passage, Article]], story: Mapping[str, str], limit: int
) -> Iterator[Folded]:
    """Yield at most ``limit`` passages in their order; copies of one that came first are its own.

    Copies that rank behind the last passage are not looked for.

    Args:
        story: By article, the one id that it has in common with its copies.
    """
    kept: list[Folded] = []
    for id, passage, article in ranked:
        same = next((one for one in kept if one.has(passage, story)), None)
        if same:
            if all(article.id != known.id for known in same.copies):
                same.copies.append(article)
        elif len(kept) == limit:
            break
        else:
            kept.append(Folded(id, passage, article))
    yield from kept
