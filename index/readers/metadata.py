"""What is known of a document besides its text, and where each value came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from index.article import Article
from index.errors import ReadError
from index.readers.canonical import iso_date, one_line
from index.readers.language import detected, normalised

__all__ = ["FIELDS", "Metadata"]

FIELDS = ("title", "source", "author", "published_at", "url", "language")
"""What can be offered."""

_LONGEST = {"title": 200, "url": 2_000}  # characters; others have 300


@dataclass(slots=True)
class Metadata:
    """Collects values, best place first: of each field the first one offered counts.

    Attributes:
        problems: What a person wrote and nobody can read: the article is to be had without it.

    Args:
        uri: The document, for messages.
    """

    uri: str
    values: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[ReadError] = field(default_factory=list)

    def offer(self, name: str, value: object, origin: str, *, strict: bool = False) -> None:
        """Take a value, unless one is known already or there is nothing in it.

        Args:
            name: One of ``FIELDS``.
            value: Text, or for ``published_at`` also a date; numbers are written out. A
                ``language`` that is no language tag is passed over.
            origin: Where it stood, as a person would look for it: "front matter", "og:title".
            strict: Whether a ``published_at`` that is no date is one of the ``problems``, as where
                a person wrote it; else it is passed over.
        """
        if name in self.values or value is None:
            return
        if name == "published_at":
            try:
                text = iso_date(value, self.uri)
            except ReadError as error:
                if strict:
                    self.problems.append(error)
                return
        elif name == "language":
            text = normalised(value)
        else:
            text = one_line(str(value), _LONGEST.get(name, 300))
        if text:
            self.values[name] = text
            self.origins[name] = origin

    def article(self, id: str, text: str, *, uri: str = "", pages: Sequence[int] = ()) -> Article:
        """Return the article of a canonical text.

        Without a title it is the first line, cut; without a language, what the text shows.

        Args:
            uri: If it is not the document's, as for one article of many in a file.
            pages: Where each page begins in ``text``.
        """
        self.offer("title", one_line(text.split("\n", 1)[0], 120), "first line")
        self.offer("title", PurePosixPath(self.uri).stem, "file name")
        if "language" not in self.values:
            self.offer("language", detected(text), "the text")
        return Article(
            id=id,
            uri=uri or self.uri,
            title=self.values["title"],
            text=text,
            source=self.values.get("source"),
            author=self.values.get("author"),
            published_at=self.values.get("published_at"),
            url=self.values.get("url"),
            language=self.values.get("language"),
            pages=tuple(pages),
            origins=tuple(self.origins.items()),
        )
