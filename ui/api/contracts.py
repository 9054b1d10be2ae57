"""The shapes of articles, syncs and the server's state, for the OpenAPI document.

What is given is made by ``ui.wire``; tests hold it against these shapes, which allow no other keys.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Alive",
    "Article",
    "Articles",
    "Collections",
    "Excluded",
    "Given",
    "HandedIn",
    "Health",
    "LastSync",
    "Models",
    "Problem",
    "Readmitted",
    "Reference",
    "Removed",
    "Stories",
    "SyncEntry",
    "SyncJob",
    "SyncReport",
    "Syncs",
    "Timeline",
]


class Given(BaseModel):
    """Something that the API gives, with these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Reference(Given):
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


class Articles(Given):
    """A page of a list."""

    articles: list[Reference]
    total: int
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class _Collection(Given):
    name: str
    articles: int


class Collections(Given):
    """The folders, feeds and sites that articles came from."""

    collections: list[_Collection]


class _Share(Given):
    period: str | None = Field(description="2024-08-19, 2024-08 or 2024; null without a date.")
    source: str | None
    articles: int


class Timeline(Given):
    """How many articles there are of each period and source."""

    unit: Literal["day", "month", "year"]
    shares: list[_Share] = Field(description="By period, those without a date last.")


class _Copy(Reference):
    similarity: float = Field(description="The greatest to another of the story, 0.5 to 1.")


class _Story(Given):
    articles: list[_Copy]


class Stories(Given):
    """A page of the stories that stand in several articles."""

    stories: list[_Story]
    total: int
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class Removed(Given):
    """What was removed."""

    removed: list[Reference]


class _Gone(Given):
    id: str
    uri: str


class Excluded(Given):
    """A page of what was removed by hand."""

    removed: list[_Gone]
    total: int
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class Readmitted(Given):
    """What may come back."""

    readmitted: list[_Gone]


class _Skipped(Given):
    uri: str
    reason: str


class SyncReport(Given):
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


class SyncEntry(Given):
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


class LastSync(Given):
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


class Syncs(Given):
    """The syncs that the server remembers, and the last of all."""

    syncs: list[SyncEntry] = Field(description="The newest first.")
    last: LastSync | None


class Health(Given):
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


class _Model(Given):
    name: str
    told: str = Field(description="What it means, in a line.")


class Models(Given):
    """What a question may be answered by."""

    models: list[_Model] = Field(description="The first answers where none is named.")


class Alive(Given):
    """That the server answers."""

    status: Literal["ok"]


class HandedIn(Given):
    """The articles of a document that was handed in."""

    articles: list[Reference]
