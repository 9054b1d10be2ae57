"""The shapes of answers, hits, citations and conversations, for the OpenAPI document.

What is given is made by ``ui.wire``; tests hold it against these shapes, which allow no other keys.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ui.api.contracts import Given, Reference

__all__ = [
    "Answer",
    "Chip",
    "Citation",
    "Cited",
    "Conflict",
    "Conversation",
    "ConversationEntry",
    "Conversations",
    "Deleted",
    "Hits",
    "Ratings",
    "Scope",
    "Sentence",
    "Suggestions",
]


class _Place(Given):
    quote: str
    start: int
    end: int
    score: float
    page: int | None
    passage_id: str
    article: Reference
    status: Literal["changed", "removed"] = Field(
        default="changed", description="Only where the article no longer has the quote there."
    )


class Citation(_Place):
    """The exact characters of an article that carry a sentence."""

    number: int


class Sentence(Given):
    """A sentence, and what carries it."""

    text: str
    citations: list[int]
    verdict: Literal["supported", "partial", "unsupported"]
    score: float


class Conflict(Given):
    """Where two cited sentences disagree."""

    kind: Literal["figures", "dates", "denial"]
    citations: list[int] = Field(description="The newer, then the older.")
    superseded: bool
    text: str


class Chip(Given):
    """What a question was understood to ask for."""

    kind: Literal["source", "date", "title"]
    value: str
    label: str
    start: int
    end: int


class Scope(Given):
    """Which articles an answer is from, and what of the question was not to be understood."""

    sources: list[str]
    collections: list[str]
    since: str | None
    until: str | None
    now: str | None
    without: list[str]


class Answer(Given):
    """An answer with citations, or a refusal."""

    question: str
    standalone: str
    text: str
    short: str | None
    refusal: Literal["no_evidence", "model_declined", "unsupported"] | None
    model: str
    sentences: list[Sentence]
    citations: list[Citation]
    conflicts: list[Conflict]
    nearest: list[Citation]
    timings: dict[str, float]
    usage: dict[str, int]
    confidence: float | None
    notes: list[str]
    scope: Scope
    chips: list[Chip]


class Suggestions(Given):
    """Questions that can be answered."""

    suggestions: list[str]


class _Hit(Given):
    passage_id: str
    article: Reference
    start: int
    end: int
    text: str
    heading: str | None
    page: int | None
    score: float
    similarity: float
    copies: list[Reference]
    signals: dict[str, float] = Field(default={}, description="Only where they were asked for.")


class Hits(Given):
    """What a search found."""

    question: str
    chips: list[Chip]
    hits: list[_Hit]
    timings: dict[str, float]


class _CitedSentence(Given):
    text: str
    start: int
    end: int
    citations: list[int]
    verdict: Literal["supported", "partial", "unsupported"] | None
    score: float
    nearest: _Place | None


class Cited(Given):
    """A text, sentence by sentence, with its citations."""

    text: str
    sentences: list[_CitedSentence]
    citations: list[Citation]
    timings: dict[str, float]
    notes: list[str]
    stopped: bool


class ConversationEntry(Given):
    """What a list shows of a conversation."""

    id: str
    title: str
    created_at: str
    updated_at: str
    turns: int


class Conversations(Given):
    """A page of a list."""

    conversations: list[ConversationEntry]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class _Said(Answer):
    asked_at: str


class Conversation(ConversationEntry):
    """A stored conversation."""

    answers: list[_Said]


class Deleted(Given):
    """What was deleted."""

    deleted: ConversationEntry


class _Rating(Given):
    conversation: str
    number: int
    rated_at: str
    good: bool
    reason: str
    question: str
    answer: Answer


class Ratings(Given):
    """What readers thought of answers."""

    feedback: list[_Rating]
