"""No model at all: the answer is the best sentences of the articles, word for word."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from kb.evidence import Evidence
from kb.plain import plain
from kb.prompt import without_markers

__all__ = ["Quotes"]


class Quotes:
    """A ``Writer`` that repeats the best pieces of evidence, each with its own marker."""

    name = "quotes"
    budget = 0  # it has no prompt: it wants single sentences, not blocks

    def write(self, question: str, evidence: Sequence[Evidence]) -> Generator[str, None, None]:
        """Yield each piece of evidence as a paragraph, marked with its number."""
        for one in evidence:
            yield f"{' '.join(without_markers(plain(one.text)).split())} [{one.number}]\n\n"

    def close(self) -> None:
        """Free nothing: there is nothing."""
