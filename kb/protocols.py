"""Every seam of this package: what a replacement must do, and nothing more."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from kb.answer import Verdict
from kb.evidence import Evidence

__all__ = ["Piece", "Short", "Usage", "Verifier", "Writer"]


@dataclass(frozen=True, slots=True)
class Short:
    """The direct answer of a draft in a few words; comes before its sentences, if it comes.

    Attributes:
        certainty: How sure the writer is, 0 to 1; None where it cannot say. It orders the answers
            of one writer, and is no probability of being right.
    """

    text: str
    certainty: float | None = None


Piece = str | Short
"""A draft is pieces of text, and at most one ``Short`` before the first of them with words."""
Usage = Mapping[str, int]
"""As ``Answer.usage``."""


@runtime_checkable
class Writer(Protocol):
    """Drafts an answer from numbered evidence; whether it may be believed is decided elsewhere.

    It may also have ``condense(question, conversation) -> str``, which makes a follow-up stand
    alone where rules do not reach, see ``kb.condense``; and ``rewrite(question, evidence,
    withheld)``, like ``write``, which is asked once where no sentence of a draft held, ``withheld``
    being these.
    """

    @property
    def name(self) -> str:
        """``provider:model``, as it is shown with an answer."""
        ...

    @property
    def budget(self) -> int:
        """How many tokens of evidence it can make good use of."""
        ...

    def write(
        self, question: str, evidence: Sequence[Evidence]
    ) -> Generator[Piece, None, Usage | None]:
        """Yield a draft piece by piece, its claims marked ``[n]`` by the numbers of the evidence.

        What it returns at the end is what it took, if that is known. Closing the iterator stops the
        work within a second.

        Raises:
            ModelError: The model failed; ``ModelUnavailable`` if its server does not answer.
        """
        ...

    def close(self) -> None:
        """Free what it holds; may be called twice."""
        ...


class Verifier(Protocol):
    """Judges whether a quoted text carries a sentence."""

    def verify(self, sentence: str, quote: str, context: str) -> tuple[Verdict, float]:
        """Return the verdict and a score from 0 to 1.

        Args:
            sentence: One sentence of a draft, without markers.
            quote: The characters it cites.
            context: What a reader of the quote knows: a line with title, source and date, then the
                passage around it.
        """
        ...
