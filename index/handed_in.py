"""Documents that were handed in, on their way into a backup and back.

They lie beside the other kept files in the table ``kept``, each under the name of the folder and
its own. The folder by itself is a row, too: a backup of a version that knew of none lacks it, and
then what there is stays.
"""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

from index.errors import HomeError

__all__ = ["AT_ONCE", "HANDED_IN_AT", "lay_out", "put_in", "written"]

AT_ONCE = 1 << 24
"""Bytes of a row."""

HANDED_IN_AT = "handed_in_at"
"""Under which a catalog says where the folder was when it was last opened."""

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")  # as ``uploads`` gives them: a backup may be forged


def put_in(folder: Path, catalog: sqlite3.Connection) -> None:
    """Put the documents of a folder into a copy of its catalog, which is in a transaction.

    One that is replaced meanwhile is there as it is now, one that is removed meanwhile is not.

    Raises:
        HomeError: One cannot be read.
    """
    whole = f"{folder.name}/"
    at = (HANDED_IN_AT, str(folder.resolve()))
    catalog.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", at)
    catalog.execute("INSERT INTO kept VALUES (?, 0, x'')", (whole,))
    for file in sorted(folder.glob("*")):
        if not _NAME.fullmatch(file.name):
            continue
        try:
            with file.open("rb") as opened:
                for number, piece in enumerate(iter(lambda: opened.read(AT_ONCE), b"")):
                    row = (whole + file.name, number, piece)
                    catalog.execute("INSERT INTO kept VALUES (?, ?, ?)", row)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise HomeError(
                f"cannot read {str(file)!r}: {error.strerror}", "check the permissions"
            ) from error


def lay_out(folder: Path, catalog: sqlite3.Connection) -> None:
    """Let a folder have the documents that a catalog brings, and no others, if it brings any."""
    whole = f"{folder.name}/"
    if not catalog.execute("SELECT 1 FROM kept WHERE name = ?", (whole,)).fetchone():
        return
    folder.mkdir(exist_ok=True)
    brought = set()
    names = "SELECT DISTINCT name FROM kept WHERE substr(name, 1, ?) = ?"
    for (path,) in catalog.execute(names, (len(whole), whole)).fetchall():
        name = path.removeprefix(whole)
        if _NAME.fullmatch(name):
            written(folder / name, catalog, path).replace(folder / name)
            brought.add(name)
    for file in folder.iterdir():
        if file.name not in brought and not file.is_dir():
            file.unlink()


def written(file: Path, catalog: sqlite3.Connection, name: str) -> Path:
    """Write what a catalog brings under a name beside a file, and return where that is."""
    part = file.with_name(f".{file.name}.part")
    rows = catalog.execute("SELECT bytes FROM kept WHERE name = ? ORDER BY part", (name,))
    with part.open("wb") as out:
        for (piece,) in rows:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return part
