"""Documents that were handed in, kept in a folder of the home under names that are not theirs."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from index.errors import HomeError, ReadError
from index.home import Home
from index.kept import uploads_of
from index.readers import SUFFIXES

__all__ = ["keep", "of_only", "place"]

_SLUG = 60
_DIGITS = 16  # of the hash of the name


def place(home: Path, name: str) -> Path:
    """Return where a document of this name lies; the same for the same name, else another.

    Of the name only letters and digits are left, for a person to know it by, and its ending.

    Raises:
        ReadError: No reader knows its ending.
    """
    base = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = base.rpartition(".")
    suffix = f".{ending.lower()}" if dot else ""
    if suffix not in SUFFIXES:
        raise ReadError(
            f"no reader for {base[-80:]!r}",
            f"give a file that ends in {', '.join(sorted(SUFFIXES))}",
        )
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG].strip("-")
    digits = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return uploads_of(home) / f"{slug}-{digits}{suffix}".lstrip("-")


def keep(path: Path, data: bytes) -> None:
    """Write a document whole or not at all; one that is there is replaced.

    Raises:
        HomeError: It cannot be written.
    """
    try:
        path.parent.mkdir(exist_ok=True)
        handle, part = tempfile.mkstemp(".part", ".", path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise HomeError(
            f"cannot write in {str(path.parent)!r}: {error.strerror}",
            "check the disk and the permissions",
        ) from error


def of_only(home: Home, ids: Sequence[str]) -> list[str]:
    """Return the locations of the documents handed in that have no other articles than these."""
    folder = str(uploads_of(home.folder)) + os.sep
    articles: dict[str, set[str]] = {}
    for one in home.catalog.known().values():
        if one.location.startswith(folder):
            articles.setdefault(one.location, set()).add(one.id)
    return [location for location, known in articles.items() if known <= set(ids)]
