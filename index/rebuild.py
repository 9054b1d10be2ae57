"""The vector index made anew by a process that has never seen what was removed.

Chroma writes memory that it has not filled yet into its files, whatever this process had there
before: a removed text, a key. ``python -P -m index.rebuild FOLDER CATALOG MODEL`` starts with none.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from index.errors import HomeError, KBError
from index.readers.worker import environment

__all__ = ["rebuild_apart"]


def rebuild_apart(folder: Path, catalog: Path, model: str) -> None:
    """Make the index of a catalog anew in a process of its own; nothing may have it open.

    Raises:
        HomeError: It failed, and why.
    """
    arguments = [str(folder), str(catalog), model]
    command = [sys.executable, "-P", "-m", "index.rebuild", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no part of it comes from outside
            command, env=environment(), capture_output=True, text=True, check=False
        )
        problem = (done.stdout.strip() or done.stderr.strip())[-500:] if done.returncode else ""
    except OSError as error:
        problem = str(error)
    if problem:
        raise HomeError(
            f"the vector index in {str(folder)!r} could not be made anew: {problem}",
            "check the disk; it is made anew when the knowledge base is opened",
        )


def main(folder: str, catalog: str, model: str) -> int:
    """Make the index anew; print one line and return 1 if that fails."""
    from index.catalog import Catalog
    from index.chroma import ChromaIndex

    try:
        opened = Catalog(Path(catalog))
        ChromaIndex(Path(folder), opened, model).rebuild()
        opened.close()
    except KBError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
