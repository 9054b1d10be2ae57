"""A file that a command writes: there whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

__all__ = ["whole_file"]


@contextlib.contextmanager
def whole_file(file: Path, *, overwrite: bool) -> Iterator[TextIO]:
    """Give a file to write into that takes the place of this one at the end, if nothing failed.

    Raises:
        KBError: There is one already that may not be overwritten, or it cannot be written.
    """
    from kb import KBError

    try:
        if file.exists() and not (overwrite and file.is_file()):
            what = f"{str(file)!r} is there already"
            raise KBError(what, "name another file, or use --overwrite")
        with _beside(file) as out:
            yield out
    except OSError as error:
        raise KBError(
            f"cannot write {str(file)!r}: {error.strerror}", "check the disk and the permissions"
        ) from error


@contextlib.contextmanager
def _beside(file: Path) -> Iterator[TextIO]:
    """Give a file that takes the place of this one at the end, or goes away if that fails."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
