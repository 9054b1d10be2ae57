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
    QuestionError,
    ReadError,
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
    "QuestionError",
    "ReadError",
    "SettingsError",
    "SourceError",
    "Unreachable",
]
