"""The shipped double: writes the drafts it was given, piece by piece."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

from kb.evidence import Evidence
from kb.models.stream import led
from kb.protocols import Piece

__all__ = ["Scripted"]


class Scripted:
    """A ``Writer`` for tests; after the last of its drafts it begins again.

    Args:
        drafts: Whole drafts, with markers; each is yielded a few characters at a time.
    """

    name = "scripted"

    def __init__(self, drafts: Iterable[str], budget: int = 300) -> None:
        self._drafts = list(drafts)
        self._asked = 0
        self.budget = budget

    def write(self, question: str, evidence: Sequence[Evidence]) -> Generator[Piece, None, None]:
        """Yield the next draft in pieces of three characters; it may begin with a direct answer."""
        draft = self._drafts[self._asked % len(self._drafts)]
        self._asked += 1
        yield from led(draft[start : start + 3] for start in range(0, len(draft), 3))

    def rewrite(
        self, question: str, evidence: Sequence[Evidence], withheld: Sequence[str]
    ) -> Generator[Piece, None, None]:
        """Yield the next draft."""
        yield from self.write(question, evidence)

    def close(self) -> None:
        """Free nothing: there is nothing."""
