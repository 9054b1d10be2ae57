"""The one tree of errors that this program raises on purpose.

    KBError
    ├── SettingsError        a setting is unknown or has a value that cannot be used
    ├── HomeError            the home folder is not a knowledge base, or cannot be used
    │   ├── HomeLocked       another process owns it
    │   └── CatalogError     a file of its record is damaged or of another version
    ├── SourceError          a path that was asked for cannot be read at all
    │   └── ReadError        one document cannot be read; a sync skips it and goes on
    │       └── Unreachable  it cannot be read now: the disk, the network, a limit of time
    ├── QuestionError        a question is empty or too long
    ├── EmbedderError        the embedding model is missing, altered or failed
    ├── ModelError           a language model or reranker is unknown, missing, altered or failed
    │   ├── ModelUnavailable its server does not answer
    │   ├── PromptTooLong    it takes fewer tokens than the prompt has
    │   └── ReplyCut         it was stopped before its reply came to an end
    └── NotFoundError        there is no such article or conversation

Every message is one line: what failed, the value, and what to do. Errors of libraries are
translated where they are caught, with ``from``, so that a developer still sees the cause.
"""

from __future__ import annotations

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


class KBError(Exception):
    """What failed, with which value, and what to do about it.

    Args:
        problem: What failed, with the value, as a sentence without its full stop.
        remedy: What the reader can do, likewise; may be empty.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem, self.remedy = (_said(part) for part in (problem, remedy))
        super().__init__(f"{self.problem}. {self.remedy}." if self.remedy else f"{self.problem}.")


def _said(text: str) -> str:
    """Return a text on one line, without its full stop: some are of other errors, which have it."""
    line = " ".join(text.split())
    return line if line.endswith("..") else line.removesuffix(".")


class SettingsError(KBError):
    """A setting is unknown or has a value that cannot be used."""


class HomeError(KBError):
    """The home folder is not a knowledge base, or cannot be used."""


class HomeLocked(HomeError):
    """Another process owns the home folder.

    Attributes:
        server: The address at which that process answers; empty if it serves nothing.
    """

    server: str = ""


class CatalogError(HomeError):
    """A file of the record is damaged or was written by another version."""


class SourceError(KBError):
    """A path that was asked for cannot be read at all."""


class ReadError(SourceError):
    """One document cannot be read; a sync skips it, reports it and goes on."""


class Unreachable(ReadError):
    """A document cannot be read now, and may be later; it is tried again with the next sync."""


class QuestionError(KBError):
    """A question is empty or too long."""


class EmbedderError(KBError):
    """The embedding model is missing, altered or failed."""


class ModelError(KBError):
    """A language model or a reranker is unknown, missing, altered or failed."""


class ModelUnavailable(ModelError):
    """The server of a language model does not answer."""


class PromptTooLong(ModelError):
    """A language model takes fewer tokens than the prompt has; it has written nothing."""


class ReplyCut(ModelError):
    """A language model was stopped before its reply came to an end."""


class NotFoundError(KBError):
    """There is no such article or conversation."""
