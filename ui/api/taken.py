"""The shapes of the bodies that the API takes, for its OpenAPI document."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from ui.api.answers import Answer

__all__ = [
    "Ask",
    "Cite",
    "NewArticle",
    "NewConversation",
    "NewRating",
    "Scope",
    "Search",
    "Suggest",
    "Sync",
    "Title",
]

_QUESTION_AT_MOST = 4_000
_TEXT_AT_MOST = 1_000_000


class _Taken(BaseModel):
    """A body that is sent; a key that is not known is refused, so that none is overlooked."""

    model_config = ConfigDict(extra="forbid")


class Scope(_Taken):
    """Which articles are looked at."""

    sources: list[str] = Field(default=[], max_length=100, description="One of these sources.")
    collections: list[str] = Field(
        default=[], max_length=100, description="In one of these collections."
    )
    since: date | None = Field(default=None, description="Published on this day or later.")
    until: date | None = Field(default=None, description="Published on this day or earlier.")
    now: date | None = Field(default=None, description="The day that “yesterday” is before.")
    as_of: date | None = Field(default=None, description="What was known on this day.")
    without: list[str] = Field(
        default=[], max_length=100, description="Labels of chips that shall not be understood."
    )


class Search(Scope):
    """A search."""

    question: str = Field(min_length=1, max_length=_QUESTION_AT_MOST)
    limit: int = Field(default=10, ge=1, le=1_000)
    explain: bool = Field(default=False, description="Whether hits say what speaks for them.")


class Ask(Scope):
    """A question."""

    question: str = Field(min_length=1, max_length=_QUESTION_AT_MOST)
    model: str | None = Field(
        default=None, max_length=200, description="The name of one of the models."
    )
    conversation: str | None = Field(
        default=None, description="The stored conversation that it goes on with, and is added to."
    )


class _GivenBefore(Answer):
    asked_at: str = Field(default="", description="Only in a stored conversation.")


class Suggest(_Taken):
    """An answer, to which it is suggested what to ask next."""

    answer: _GivenBefore = Field(description="As ask gave it, or a conversation has it.")
    limit: int = Field(default=3, ge=1, le=10)


class Cite(Scope):
    """A text that is to be given its citations."""

    text: str = Field(min_length=1, max_length=_TEXT_AT_MOST)


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
