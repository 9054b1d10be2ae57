"""What an answer is: ``Answer``, its ``Sentence``s, ``Citation``s or ``Refusal``, and the events.

Citations or a refusal, never both, never neither; a quote is cut from the article by its offsets,
so it cannot differ from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from index.article import Article, Hit
from index.understand import Chip
from kb.scope import Scope

__all__ = [
    "Answer",
    "Citation",
    "Delta",
    "Event",
    "Found",
    "Kept",
    "Kind",
    "Refusal",
    "Sentence",
    "Verdict",
]


class Verdict(StrEnum):
    """Does the cited text carry the sentence?"""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"


class Refusal(StrEnum):
    """Why there is no answer: a value, not an exception."""

    NO_EVIDENCE = "no_evidence"
    MODEL_DECLINED = "model_declined"
    UNSUPPORTED = "unsupported"


class Kind(StrEnum):
    """In what sources disagree."""

    FIGURES = "figures"
    DATES = "dates"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stored citation showed, of an article that no longer has these characters.

    Attributes:
        quote: As it was; empty once it is gone from the answer too, see ``KnowledgeBase.compact``.
        page: Likewise.
        removed: Whether the article is gone; else it has changed.
    """

    quote: str
    page: int | None
    removed: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: ``article.text[start:end]`` is its quote.

    Attributes:
        number: From 1, in the order in which the answer first cites.
        score: Similarity of question and passage, as in ``Hit.similarity``.
        kept: Of a stored answer whose article has changed since or is gone: what it showed. The
            article is then as it was, without its text.
    """

    number: int
    article: Article
    passage_id: str
    start: int
    end: int
    score: float
    kept: Kept | None = None

    def __post_init__(self) -> None:
        last = len(self.article.text) if self.kept is None else self.end
        if not 0 <= self.start < self.end <= last:
            raise ValueError(f"no such characters in {self.article.uri}: {self.start}:{self.end}")

    @property
    def quote(self) -> str:
        """The exact characters of the article that carry the sentence."""
        return self.kept.quote if self.kept else self.article.text[self.start : self.end]

    @property
    def page(self) -> int | None:
        """The page, from 1, on which the quote begins; None for an article without pages."""
        return self.kept.page if self.kept else self.article.page(self.start)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer.

    Attributes:
        text: The sentence, without markers.
        citations: Numbers of the citations that carry it.
        score: How far the cited text carries it, 0 to 1.
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    score: float


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two cited sentences of different articles that cannot both be the whole truth.

    Attributes:
        newer, older: Numbers of citations, by the days on which their articles were published.
        superseded: Whether the older was published on an earlier day: then the newer may be news,
            and not a contradiction.
        text: Who says what and when, in a line with markers.
    """

    kind: Kind
    newer: int
    older: int
    superseded: bool
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    Attributes:
        question: As it was asked.
        standalone: As it was understood, where a follow-up was rewritten; else as asked.
        text: The shown sentences with their markers ``[n]``, or the words of the refusal.
        short: The direct answer in a few words, where the question asks for one and it was found:
            ``Yes``, ``No``, or words that stand in a quote; else empty.
        conflicts: Where what is cited disagrees.
        nearest: With a refusal, the sentences that come nearest to what was asked, numbered from 1.
        sentences: All sentences of the draft, the withheld ones too (verdict ``unsupported``).
        timings: Milliseconds: ``search_ms``, ``first_token_ms`` (to the first words shown),
            ``total_ms``.
        confidence: How sure the writer is of a direct answer, 0 to 1, or without a model the cosine
            of the question and what comes nearest; None where nothing says it. It orders the
            answers of one model; what a value is worth, ``kb eval --calibrate`` says.
        usage: What a model read and wrote, where it is known: ``prompt_tokens`` that were new to
            it, ``generated_tokens``.
        scope: Which articles it was asked of, and how it was to be read.
        chips: What it was understood to ask for, see ``Found``.
        notes: Lines a user should know of, such as a model that could not be used.
    """

    question: str
    text: str
    model: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    refusal: Refusal | None = None
    standalone: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    short: str = ""
    conflicts: tuple[Conflict, ...] = ()
    nearest: tuple[Citation, ...] = ()
    confidence: float | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    chips: tuple[Chip, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "standalone", self.standalone or self.question)
        if bool(self.citations) == (self.refusal is not None):
            raise ValueError("an answer has citations or a refusal, never both, never neither")


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that were found, before anything is written.

    Attributes:
        question: As it was understood, see ``Answer.standalone``.
        chips: What it was understood to ask for; a chip's label takes it back.
    """

    question: str
    hits: tuple[Hit, ...]
    chips: tuple[Chip, ...] = ()


@dataclass(frozen=True, slots=True)
class Delta:
    """The next words of the answer: whole, checked sentences with their markers.

    An empty one says that the model is at work, and is an occasion to stop it.

    Attributes:
        short: With the first words: the direct answer, where they hold it; see ``Answer.short``.
    """

    text: str
    short: str = ""


Event = Found | Delta | Answer
"""A stream is ``Found``, any number of ``Delta``, and exactly one ``Answer``, the last."""
