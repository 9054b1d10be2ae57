"""What ``KnowledgeBase.cite`` returns: a text, sentence by sentence, with what carries each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.answer import Citation, Verdict

__all__ = ["Cited", "CitedSentence"]


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One sentence of the text that was given; ``Cited.text[start:end]`` is its ``text``.

    Attributes:
        text: As it was written, with the markup and the markers it has.
        citations: Numbers of the citations that carry it.
        verdict: None where nothing is claimed that could be checked: a heading, a question, a
            greeting, code, a reference.
        score: How far the cited text carries it, 0 to 1.
        nearest: Of an unsupported sentence, what the articles say that comes nearest, if something
            comes near: often the same with another number. It carries nothing, and its number is 0.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...] = ()
    verdict: Verdict | None = None
    score: float = 0.0
    nearest: Citation | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A text with the citations that the knowledge base can offer for it.

    Attributes:
        text: As it was given.
        sentences: In order; every character that is not white space lies in one, unless stopped.
        citations: Numbered from 1 in the order of the sentences; the same characters have one
            number.
        timings: Milliseconds: ``total_ms``.
        notes: Lines a user should know of, such as a filter that lets no article through.
        stopped: Whether it ended before the last sentence, as was wished.
    """

    text: str
    sentences: tuple[CitedSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    stopped: bool = False

    def __post_init__(self) -> None:
        known = {citation.number for citation in self.citations}
        for one in self.sentences:
            if self.text[one.start : one.end] != one.text or not known.issuperset(one.citations):
                raise ValueError(f"not of this text, or without its citations: {one.text!r}")
