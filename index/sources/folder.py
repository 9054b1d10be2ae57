"""A folder or file as a source: the files under a path, each with a stamp that changes with it."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from index.article import Article
from index.errors import ReadError, SourceError, Unreachable
from index.readers import READERS, SUFFIXES
from index.readers.apart import ReaderProcess
from index.sources.document import Document, Reading, Skipped

__all__ = ["Folder", "within"]

_READERS_VERSION = 2  # grows when a reader gives another text or other metadata than before


class Folder:
    """The files of a folder, or one file.

    Args:
        path: What is to be synced.
        readers: Reads the formats that are not read in this process.
        file_dates: Whether an article without a date has that of its file. A file's date is when
            it was copied or checked out, unless an archive was kept with care.

    Raises:
        SourceError: There is nothing at the path.
    """

    whole = True
    """What is not listed any more is gone."""

    def __init__(
        self, path: str | Path, readers: ReaderProcess, *, file_dates: bool = False
    ) -> None:
        try:
            self._root = Path(path).expanduser().resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise SourceError(f"cannot find {str(path)!r}", "check the path") from error
        self._readers = readers
        self._file_dates = file_dates

    @property
    def origin(self) -> str:
        """The absolute path."""
        return str(self._root)

    def holds(self, location: str) -> bool:
        """Say whether a location is this path, or lies under it and not in a hidden folder."""
        below = Path(location[len(self.origin.rstrip(os.sep)) :]).parts
        return within(location, self.origin) and not any(part.startswith(".") for part in below)

    def documents(self, known: Mapping[str, str]) -> Iterator[Document | Skipped]:
        """Yield every file, in the order of their names, or why it is left out; reads none.

        Args:
            known: Not looked at: a file's stamp costs nothing.
        """
        for one in files(self._root):
            if self._file_dates and isinstance(one, Document):
                yield replace(one, stamp=f"{one.stamp}:dated")
            else:
                yield one

    def read(self, document: Document, id: str, known: str) -> Reading:
        """Read a file that is new or was changed."""
        articles = self._articles(document, id)
        if self._file_dates:
            articles = (_dated(one, document) for one in articles)
        return Reading(document.stamp, articles)

    def _articles(self, document: Document, id: str) -> Iterator[Article | ReadError]:
        path = Path(document.location)
        suffix = path.suffix.lower()
        try:
            with path.open("rb") as opened:
                if suffix in READERS:
                    yield from READERS[suffix](opened, id=id, uri=document.uri)
                else:
                    yield from self._readers.read(opened, suffix, id=id, uri=document.uri)
        except OSError as error:
            raise Unreachable(f"cannot read {document.uri!r}: {error.strerror}") from error


def files(root: Path) -> Iterator[Document | Skipped]:
    """Yield every file under a resolved path, in the order of their names, or why it is left out.

    Names that begin with a dot are passed over in silence. A link that leads out of the folder is
    left out, and so is everything that is not a regular file or that no reader knows.
    """
    if not root.is_dir():
        yield _file(root, root.name)
        return
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            reason = f"cannot open the folder: {error.strerror}"
            yield Skipped(_uri(root, folder), reason, str(folder))
            continue
        below = []
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append(path)
            elif entry.is_symlink() and (why := _left_out(root, path)):
                yield Skipped(_uri(root, path), why)
            else:
                yield _file(path, _uri(root, path))
        pending += reversed(below)


def _left_out(root: Path, link: Path) -> str | None:
    """Return why a link is not followed, or None if it leads to a file in the folder."""
    try:
        target = link.resolve(strict=True)
        if not target.is_relative_to(root):
            return "is a link out of the folder"
        return "is a link to a folder, which is read where it is" if target.is_dir() else None
    except (OSError, RuntimeError):
        return "is a link to nowhere"


def _uri(root: Path, path: Path) -> str:
    uri = (root.name / path.relative_to(root)).as_posix()
    return "".join(char if char.isprintable() else "�" for char in uri)


def _file(path: Path, uri: str) -> Document | Skipped:
    if path.suffix.lower() not in SUFFIXES:
        return Skipped(uri, f"no reader for {repr(path.suffix) if path.suffix else 'such a name'}")
    try:
        str(path).encode("utf-8")
        found = path.stat()
    except UnicodeEncodeError:
        return Skipped(uri, "its name, or that of a folder above it, is not valid UTF-8")
    except OSError as error:
        return Skipped(uri, f"cannot look at it: {error.strerror}", str(path))
    if not stat.S_ISREG(found.st_mode):
        return Skipped(uri, "is not a regular file")
    trace = f"{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"
    stamp = f"{_READERS_VERSION}:{trace}:{found.st_ctime_ns}"  # renaming changes the ctime
    return Document(str(path), uri, stamp, found.st_size, trace)


def _dated(article: Article | ReadError, document: Document) -> Article | ReadError:
    if isinstance(article, ReadError) or article.published_at:
        return article
    written = dt.datetime.fromtimestamp(Path(document.location).stat().st_mtime, dt.UTC)
    origins = (*article.origins, ("published_at", "file date"))
    return replace(article, published_at=written.date().isoformat(), origins=origins)


def within(location: str, place: str) -> bool:
    """Say whether a location is a place, or lies in it."""
    return location == place or location.startswith(place.rstrip(os.sep) + os.sep)
