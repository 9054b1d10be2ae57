"""The shapes of what the API takes and gives, for its OpenAPI document.

What is given is made by ``ui.wire``; tests hold it against these shapes, which allow no other keys.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Alive",
    "Answer",
    "Article",
    "Articles",
    "Ask",
    "Cite",
    "Cited",
    "Conversation",
    "ConversationEntry",
    "Conversations",
    "Deleted",
    "HandedIn",
    "Health",
    "Hits",
    "NewArticle",
    "NewConversation",
    "NewRating",
    "Problem",
    "Ratings",
    "Reference",
    "Removed",
    "Search",
    "Stories",
    "Sync",
    "SyncEntry",
    "SyncJob",
    "Syncs",
    "Timeline",
    "Title",
]

_QUESTION_AT_MOST = 4_000
_TEXT_AT_MOST = 1_000_000


class _Taken(BaseModel):
    """A body that is sent; a key that is not known is refused, so that none is overlooked."""

    model_config = ConfigDict(extra="forbid")


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Scope(_Taken):
    """Which articles are looked at."""

    sources: list[str] = Field(default=[], max_length=100, description="One of these sources.")
    since: date | None = Field(default=None, description="Published on this day or later.")
    until: date | None = Field(default=None, description="Published on this day or earlier.")
    now: date | None = Field(default=None, description="The day that “yesterday” is before.")
    without: list[str] = Field(
        default=[], max_length=100, description="Labels of chips that shall not be understood."
    )


class Search(Scope):
    """A search."""

    question: str = Field(min_length=1, max_length=_QUESTION_AT_MOST)
    limit: int = Field(default=10, ge=1, le=1_000)
    as_of: date | None = Field(default=None, description="What was known on this day.")
    explain: bool = Field(default=False, description="Whether hits say what speaks for them.")


class Ask(Scope):
    """A question."""

    question: str = Field(min_length=1, max_length=_QUESTION_AT_MOST)
    as_of: date | None = Field(default=None, description="What was known on this day.")
    conversation: str | None = Field(
        default=None, description="The stored conversation that it goes on with, and is added to."
    )


class Cite(_Taken):
    """A text that is to be given its citations."""

    text: str = Field(min_length=1, max_length=_TEXT_AT_MOST)
    sources: list[str] = Field(default=[], max_length=100)
    since: date | None = None
    until: date | None = None
    now: date | None = None


class NewArticle(_Taken):
    """An article as it is given."""

    title: str = Field(min_length=1, max_length=1_000)
    text: str = Field(min_length=1)
    source: str | None = None
    author: str | None = None
    published_at: str | None = Field(default=None, description="ISO 8601, a day or a moment.")
    url: str | None = None
    language: str | None = Field(default=None, description="ISO 639-1.")


class Sync(_Taken):
    """Addresses that the home is to be made equal to."""

    places: list[str] = Field(min_length=1, max_length=1_000, description="Pages, feeds, sitemaps.")


class NewConversation(_Taken):
    """A conversation that is begun."""

    title: str = Field(default="", max_length=1_000)


class Title(_Taken):
    """Another title."""

    title: str = Field(min_length=1, max_length=1_000)


class NewRating(_Taken):
    """What a reader thinks of an answer."""

    conversation: str
    number: int = Field(ge=1, le=1_000_000, description="Of the answer in it, from 1.")
    good: bool
    reason: str = Field(default="", max_length=2_000)


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Reference(_Given):
    """An article without its text."""

    id: str
    uri: str
    title: str
    source: str | None
    author: str | None
    published_at: str | None
    url: str | None
    language: str | None


class Article(Reference):
    """An article with its canonical text, into which all offsets count, in characters."""

    text: str
    pages: list[int]
    origins: dict[str, str]


class Articles(_Given):
    """A page of a list."""

    articles: list[Reference]
    total: int
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class _Share(_Given):
    period: str | None = Field(description="2024-08-19, 2024-08 or 2024; null without a date.")
    source: str | None
    articles: int


class Timeline(_Given):
    """How many articles there are of each period and source."""

    unit: Literal["day", "month", "year"]
    shares: list[_Share] = Field(description="By period, those without a date last.")


class _Copy(Reference):
    similarity: float = Field(description="The greatest to another of the story, 0.5 to 1.")


class _Story(_Given):
    articles: list[_Copy]


class Stories(_Given):
    """A page of the stories that stand in several articles."""

    stories: list[_Story]
    total: int
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class Removed(_Given):
    """What was removed."""

    removed: list[Reference]


class _Gone(_Given):
    id: str
    uri: str


class Excluded(_Given):
    """A page of what was removed by hand."""

    removed: list[_Gone]
    total: int
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class Readmitted(_Given):
    """What may come back."""

    readmitted: list[_Gone]


class _Place(_Given):
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


class Sentence(_Given):
    """A sentence, and what carries it."""

    text: str
    citations: list[int]
    verdict: Literal["supported", "partial", "unsupported"]
    score: float


class Conflict(_Given):
    """Where two cited sentences disagree."""

    kind: Literal["figures", "dates", "denial"]
    citations: list[int] = Field(description="The newer, then the older.")
    superseded: bool
    text: str


class Answer(_Given):
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


class _Chip(_Given):
    kind: str
    value: str
    label: str
    start: int
    end: int


class _Hit(_Given):
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


class Hits(_Given):
    """What a search found."""

    question: str
    chips: list[_Chip]
    hits: list[_Hit]
    timings: dict[str, float]


class _CitedSentence(_Given):
    text: str
    start: int
    end: int
    citations: list[int]
    verdict: Literal["supported", "partial", "unsupported"] | None
    score: float
    nearest: _Place | None


class Cited(_Given):
    """A text, sentence by sentence, with its citations."""

    text: str
    sentences: list[_CitedSentence]
    citations: list[Citation]
    timings: dict[str, float]
    notes: list[str]
    stopped: bool


class ConversationEntry(_Given):
    """What a list shows of a conversation."""

    id: str
    title: str
    created_at: str
    updated_at: str
    turns: int


class Conversations(_Given):
    """A page of a list."""

    conversations: list[ConversationEntry]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class _Said(Answer):
    asked_at: str


class Conversation(ConversationEntry):
    """A stored conversation."""

    answers: list[_Said]


class Deleted(_Given):
    """What was deleted."""

    deleted: ConversationEntry


class _Rating(_Given):
    conversation: str
    number: int
    rated_at: str
    good: bool
    reason: str
    question: str
    answer: Answer


class Ratings(_Given):
    """What readers thought of answers."""

    feedback: list[_Rating]


class _Skipped(_Given):
    uri: str
    reason: str


class SyncReport(_Given):
    """What a sync did."""

    added: list[str]
    updated: list[str]
    moved: list[dict[str, str]]
    removed: list[str]
    kept: int
    skipped: list[_Skipped]
    passages: int
    seconds: float
    dry_run: bool
    stopped: bool


class SyncEntry(_Given):
    """What a list shows of a sync."""

    id: str
    places: list[str]
    state: Literal["waiting", "running", "done", "failed", "stopped"]
    begun_at: str | None
    ended_at: str | None
    share: float = Field(description="Of what is to be read, from 0 to 1.")
    articles: int
    uri: str = Field(description="What was stored last.")
    problem: str | None


class SyncJob(SyncEntry):
    """A sync that was begun."""

    report: SyncReport | None


class LastSync(_Given):
    """What came of the sync that ended last, also of another process or before a restart."""

    places: list[str]
    state: Literal["done", "stopped", "failed", "interrupted"]
    begun_at: str
    ended_at: str | None = Field(description="Null of one whose process was killed.")
    added: int
    updated: int
    moved: int
    removed: int
    kept: int
    skipped: int
    problem: str | None


class Syncs(_Given):
    """The syncs that the server remembers, and the last of all."""

    syncs: list[SyncEntry] = Field(description="The newest first.")
    last: LastSync | None


class Health(_Given):
    """Whether the server answers, and what it has."""

    status: Literal["ok", "loading"]
    version: str
    articles: int
    passages: int
    revision: int
    model: str
    embedder: str
    waiting: int = Field(description="Questions in the queue.")
    syncing: SyncJob | None
    last_sync: LastSync | None
    notes: list[str]


class Alive(_Given):
    """That the server answers."""

    status: Literal["ok"]


class HandedIn(_Given):
    """The articles of a document that was handed in."""

    articles: list[Reference]
