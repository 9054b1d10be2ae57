"""A home made equal to folders and files: a pure ``plan``, and ``sync``, which carries it out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.catalog import Known, Prepared, text_key
from index.chunk import chunk, indexed_text
from index.home import Home
from index.protocols import Vectors
from index.scan import Scan, scan, within
from index.sources import Skipped, resolved

__all__ = ["Plan", "Progress", "SyncReport", "plan", "sync"]

_PASSAGE_TOKENS = 200  # MiniLM reads 256, and the header takes some 30
_PASSAGES_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """Ids of articles, by what is to be done with them."""

    add: tuple[str, ...]
    update: tuple[str, ...]
    remove: tuple[str, ...]
    keep: tuple[str, ...]


def plan(found: Mapping[str, str], known: Mapping[str, str]) -> Plan:
    """Compare fingerprints by id: what is there with what is known from the same origin."""
    return Plan(
        add=tuple(id for id in found if id not in known),
        update=tuple(id for id in found if id in known and found[id] != known[id]),
        remove=tuple(id for id in known if id not in found),
        keep=tuple(id for id in found if found[id] == known.get(id)),
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is, in articles to be written; ``uri`` is the last that was stored."""

    done: int
    total: int
    uri: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, or with ``dry_run`` would do; uris, except where it says a number.

    Attributes:
        kept: The number of articles that were the same.
        passages: The number of passages in the home afterwards.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    skipped: tuple[Skipped, ...]
    passages: int
    seconds: float
    dry_run: bool = False


def sync(
    home: Home,
    paths: Sequence[str | Path],
    *,
    dry_run: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> SyncReport:
    """Make the home equal to these folders and files: add, update, remove; keep what is the same.

    Articles from other paths stay. What cannot be read is reported, and an earlier version of it
    stays too. Each batch is stored whole or not at all, so that an interrupted sync can be run
    again and goes on.

    Raises:
        SourceError: A path is not there; then nothing is changed.
        EmbedderError, CatalogError, HomeError: Writing failed; what was stored before it stays.
    """
    begun = time.perf_counter()
    known = home.catalog.known()
    scans: list[Scan] = []
    taken = known
    for root in dict.fromkeys(map(resolved, paths)):
        scans.append(scan(home.catalog, root, taken))
        taken = {**taken, **scans[-1].found}
    plans = [_plan(scan, known) for scan in scans]
    if not dry_run and any(one.add or one.update or one.remove for one in plans):
        _carry_out(home, scans, plans, progress)
    if not dry_run:
        for there, one in zip(scans, plans, strict=True):
            kept = {id: there.found[id].location for id in one.keep}
            home.catalog.seen(there.origin, there.stamps, kept)
    uris = {id: one.uri for each in (known, *(s.found for s in scans)) for id, one in each.items()}
    return SyncReport(
        added=tuple(uris[id] for one in plans for id in one.add),
        updated=tuple(uris[id] for one in plans for id in one.update),
        removed=tuple(uris[id] for one in plans for id in one.remove),
        kept=sum(len(one.keep) for one in plans),
        skipped=tuple(skipped for there in scans for skipped in there.skipped),
        passages=home.catalog.count("passages"),
        seconds=round(time.perf_counter() - begun, 3),
        dry_run=dry_run,
    )


def _plan(there: Scan, known: Mapping[str, Known]) -> Plan:
    ours = {
        id: one.fingerprint
        for id, one in known.items()
        if id in there.found or one.origin == there.origin or within(one.location, there.origin)
    }
    return plan({id: one.fingerprint for id, one in there.found.items()}, ours)


def _carry_out(
    home: Home,
    scans: Sequence[Scan],
    plans: Sequence[Plan],
    progress: Callable[[Progress], None] | None,
) -> None:
    home.vectors.begin()
    total = sum(len(one.add) + len(one.update) for one in plans)
    done = 0
    for there, one in zip(scans, plans, strict=True):
        for batch in _batches(home, there, {*one.add, *one.update}):
            _store(home, batch)
            done += len(batch)
            if progress:
                progress(Progress(done, total, batch[-1].article.uri))
        if one.remove:
            gone = home.catalog.remove(one.remove)
            home.vectors.change(gone, [], np.zeros((0, 0), dtype=np.float32))
    home.catalog.forget_vectors()
    home.vectors.settle()


def _batches(home: Home, there: Scan, wanted: set[str]) -> Iterator[list[Prepared]]:
    """Yield the wanted articles, cut, a batch of passages at a time; vectors are still missing."""
    batch: list[Prepared] = []
    nothing: Vectors = np.zeros((0, 0), dtype=np.float32)
    locations = {there.found[id].location for id in wanted}
    for location in [location for location in there.files if location in locations]:
        for article in there.articles(location):
            if article.id in wanted and there.found[article.id].location == location:
                wanted.discard(article.id)
                passages = chunk(article, home.embedder.count_tokens, _PASSAGE_TOKENS)
                batch.append(Prepared(article, location, there.origin, passages, nothing))
            if sum(len(one.passages) for one in batch) >= _PASSAGES_AT_ONCE:
                yield batch
                batch = []
    if batch:
        yield batch


def _store(home: Home, batch: Sequence[Prepared]) -> None:
    """Embed what is new of a batch and store it: the catalog first, then the vector index."""
    texts: dict[str, str] = {}
    for one in batch:
        for passage in one.passages:
            texts[text_key(one.article, passage)] = indexed_text(one.article, passage)
    vectors = home.catalog.vectors(list(texts), home.embedder.name)
    new = [key for key in texts if key not in vectors]
    embedded = home.embedder.embed_documents([texts[key] for key in new])
    vectors |= dict(zip(new, embedded, strict=True))
    whole = [
        Prepared(
            one.article,
            one.location,
            one.origin,
            one.passages,
            np.stack([vectors[text_key(one.article, passage)] for passage in one.passages]),
        )
        for one in batch
    ]
    gone = home.catalog.store(whole, home.embedder.name)
    ids = [passage.id for one in whole for passage in one.passages]
    home.vectors.change(gone, ids, np.concatenate([one.vectors for one in whole]))
