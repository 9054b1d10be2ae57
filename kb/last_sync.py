"""The last sync of a home, kept in its catalog: the same after a restart, whoever did it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from kb.conversation_file import now
from kb.errors import CatalogError

if TYPE_CHECKING:
    from index.catalog import Catalog
    from index.sync import SyncReport

__all__ = ["LastSync", "Told", "last_sync", "noted"]

_BEGUN = "sync_begun"
_ENDED = "last_sync"


@dataclass(frozen=True, slots=True)
class LastSync:
    """What came of the sync that ended last; moments are ISO 8601, UTC.

    Attributes:
        state: ``interrupted`` if its process was killed: what it had stored is there.
        ended_at: None if that is not known, of one that was interrupted.
        added, updated, moved, removed, kept, skipped: How many articles, and skipped documents.
        problem: Why it failed, in a line.
    """

    places: tuple[str, ...]
    state: Literal["done", "stopped", "failed", "interrupted"]
    begun_at: str
    ended_at: str | None = None
    added: int = 0
    updated: int = 0
    moved: int = 0
    removed: int = 0
    kept: int = 0
    skipped: int = 0
    problem: str | None = None


@dataclass(slots=True)
class Told:
    """The report of a sync, once there is one."""

    report: SyncReport | None = None


@contextmanager
def noted(catalog: Catalog, places: Sequence[object]) -> Iterator[Told]:
    """Keep what comes of the sync that is done within, for ``last_sync``."""
    told, where, begun = Told(), tuple(str(place) for place in places), now()
    with catalog.transaction():
        catalog.set(_BEGUN, json.dumps([where, begun]))
    try:
        yield told
    except BaseException as error:
        problem = str(error).strip() or type(error).__name__
        _keep(catalog, LastSync(where, "failed", begun, now(), problem=problem))
        raise
    _keep(catalog, _of(where, begun, told.report))


def _of(places: tuple[str, ...], begun: str, report: SyncReport | None) -> LastSync:
    assert report is not None
    return LastSync(
        places=places,
        state="stopped" if report.stopped else "done",
        begun_at=begun,
        ended_at=now(),
        added=len(report.added),
        updated=len(report.updated),
        moved=len(report.moved),
        removed=len(report.removed),
        kept=report.kept,
        skipped=len(report.skipped),
    )


def _keep(catalog: Catalog, one: LastSync) -> None:
    # A full disk keeps this from being written; what the sync itself has to tell is told.
    with suppress(CatalogError), catalog.transaction():
        catalog.set(_ENDED, json.dumps(asdict(one)))
        catalog.set(_BEGUN, "")


def last_sync(catalog: Catalog, *, syncing: bool) -> LastSync | None:
    """Return the sync that ended last, if there was one.

    Args:
        syncing: Whether one is at work: then what has begun is not over.
    """
    begun = catalog.get(_BEGUN)
    if begun and not syncing:
        places, at = json.loads(begun)
        return LastSync(tuple(places), "interrupted", at)
    ended = catalog.get(_ENDED)
    if not ended:
        return None
    known = json.loads(ended)
    return LastSync(**{**known, "places": tuple(known["places"])})
