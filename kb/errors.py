"""The error tree, as the packages above see it."""

from index.errors import (
    CatalogError,
    EmbedderError,
    HomeError,
    HomeLocked,
    KBError,
    ModelError,
    ModelUnavailable,
    NotFoundError,
    PromptTooLong,
    QuestionError,
    ReadError,
    ReplyCut,
    SettingsError,
    SourceError,
    Unreachable,
)

__all__ = [
    "CatalogError",
    "EmbedderError",
    "HomeError",
    "HomeLocked",
    "KBError",
    "ModelError",
    "ModelUnavailable",
    "NotFoundError",
    "PromptTooLong",
    "QuestionError",
    "ReadError",
    "ReplyCut",
    "SettingsError",
    "SourceError",
    "Unreachable",
]
