"""What exists: the files under a path, each with a stamp that changes when the file does."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.article import Article, digest
from index.errors import ReadError, SourceError
from index.readers import READERS

__all__ = ["Skipped", "SourceFile", "files", "read", "resolved"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a reader knows.

    Attributes:
        location: The absolute path, which identifies it.
        uri: The path as a person names it, from the folder that was synced.
        stamp: Changes when the file is written, so that a look is enough to know it is the same.
    """

    location: str
    uri: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read, and why, in one line.

    Attributes:
        location: The file or folder that may be readable again; "" for what is left out on purpose.
    """

    uri: str
    reason: str
    location: str = ""


def resolved(path: str | Path) -> Path:
    """Return the absolute path of what is to be synced; raises ``SourceError`` if not there."""
    try:
        return Path(path).expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise SourceError(f"cannot find {str(path)!r}", "check the path") from error


def files(root: Path) -> Iterator[SourceFile | Skipped]:
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


def _file(path: Path, uri: str) -> SourceFile | Skipped:
    if path.suffix.lower() not in READERS:
        known = ", ".join(sorted(READERS))
        return Skipped(uri, f"no reader for {path.suffix or 'a name without ending'!r} ({known})")
    try:
        str(path).encode("utf-8")
        found = path.stat()
    except UnicodeEncodeError:
        return Skipped(uri, "its name, or that of a folder above it, is not valid UTF-8")
    except OSError as error:
        return Skipped(uri, f"cannot look at it: {error.strerror}", str(path))
    if not stat.S_ISREG(found.st_mode):
        return Skipped(uri, "is not a regular file")
    stamp = f"{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}"
    return SourceFile(str(path), uri, stamp)


def read(file: SourceFile) -> Iterator[Article | ReadError]:
    """Yield the articles of a file; raises ``ReadError`` if it cannot be read at all."""
    path = Path(file.location)
    reader = READERS[path.suffix.lower()]
    try:
        with path.open("rb") as opened:
            yield from reader(opened, id=digest(file.location), uri=file.uri)
    except OSError as error:
        raise ReadError(f"cannot read {file.uri!r}: {error.strerror}") from error
