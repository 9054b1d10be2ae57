"""From hits to the few sentences worth reading."""

from __future__ import annotations

from dataclasses import dataclass

from index.article import Article

__all__ = ["Evidence"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered run of sentences of one passage.

    Attributes:
        number: From 1; what a draft's marker ``[n]`` names.
        start, end: Offsets into ``article.text``.
        similarity: Of question and passage, as in ``Hit.similarity``.
    """

    number: int
    article: Article
    passage_id: str
    start: int
    end: int
    similarity: float

    @property
    def text(self) -> str:
        """The exact characters."""
        return self.article.text[self.start : self.end]
