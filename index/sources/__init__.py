"""Where articles come from: ``open_source(path or address)``, one kind of place a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SourceError

if TYPE_CHECKING:
    from index.protocols import Source
    from index.readers.apart import ReaderProcess

__all__ = ["open_source"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def open_source(
    place: str | Path,
    readers: ReaderProcess,
    *,
    allow_private: bool = False,
    file_dates: bool = False,
) -> Source:
    """Return the source for a path or an address; nothing is read or connected to yet.

    Args:
        place: A folder, a file, or the address of a page, a feed or a sitemap.
        readers: Reads the formats that are not read in this process; stays the caller's to close.
        allow_private: Whether an address, and what it leads to, may be in a private network.

        file_dates: Whether an article without a date has that of its file.

    Raises:
        SourceError: There is nothing at the path, or the address is none that can be read.
    """
    scheme = _SCHEME.match(place) if isinstance(place, str) else None
    if scheme is None:
        from index.sources.folder import Folder

        return Folder(place, readers, file_dates=file_dates)
    if scheme[1].lower() not in ("http", "https"):
        raise SourceError(
            f"cannot read {str(place)!r}: there is no source for {scheme[1].lower()}://",
            "give the path of a folder or file, or an address that begins with http:// or https://",
        )
    from index.sources.web import Web

    return Web(str(place), readers, allow_private=allow_private)
