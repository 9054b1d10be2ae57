"""A sync of paths, for tests that have no whole knowledge base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from index.home import Home
from index.readers.apart import ReaderProcess
from index.sources import open_source
from index.sync import Progress, SyncReport
from index.sync import sync as sync_sources

__all__ = ["sync"]


def sync(
    home: Home,
    paths: Sequence[str | Path],
    *,
    dry_run: bool = False,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    file_dates: bool = False,
    allow_empty: bool = False,
) -> SyncReport:
    """Make a home equal to these paths."""
    with ReaderProcess() as readers:
        sources = [open_source(path, readers, file_dates=file_dates) for path in paths]
        return sync_sources(
            home, sources, dry_run=dry_run, progress=progress, stop=stop, allow_empty=allow_empty
        )
