"""What sources list, compared with what a home remembers of them, before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.errors import SourceError
from index.plan import Plan, plan
from index.protocols import Source
from index.records import Remembered
from index.sources.document import Document, Skipped
from index.sources.folder import within

__all__ = ["Listing", "compared", "listed"]


@dataclass(slots=True)
class Listing:
    """What one source lists, and what is to be done with it.

    Attributes:
        documents: By location.
        skipped: What it left out.
        sheltered: Locations that are not listed because what is above them cannot be read.
    """

    source: Source
    documents: dict[str, Document] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    plan: Plan = field(default_factory=lambda: Plan((), (), ()))
    sheltered: tuple[str, ...] = ()


def listed(sources: Iterable[Source], remembered: Mapping[str, Remembered]) -> list[Listing]:
    """Ask each source what there is; raises ``SourceError`` if one cannot be looked at."""
    stamps = {at: one.stamp for at, one in remembered.items()}
    found: list[Listing] = []
    for source in sources:
        there = Listing(source)
        for one in source.documents(stamps):
            if isinstance(one, Skipped):
                there.skipped.append(one)
            elif not any(one.location in other.documents for other in found):
                there.documents[one.location] = one  # of places that overlap, the first has it
        found.append(there)
    return found


def compared(
    listings: Sequence[Listing], remembered: Mapping[str, Remembered], *, allow_empty: bool
) -> None:
    """Plan what is to be done with each: a document that moved to another source is not gone.

    Args:
        allow_empty: Whether a source may be empty that was not; else it is taken for a disk that is
            not mounted.

    Raises:
        SourceError: A source is empty and may not be.
    """
    everywhere = {at for there in listings for at in there.documents}
    for there in listings:
        ours = {
            at: one.stamp
            for at, one in remembered.items()
            if at in there.documents or there.source.holds(at) or one.origin == there.source.origin
        }
        made = plan({at: one.stamp for at, one in there.documents.items()}, ours)
        places = [one.location for one in there.skipped if one.location]
        sheltered = {at for at in made.gone for place in places if within(at, place)}
        there.sheltered = tuple(at for at in made.gone if at in sheltered)
        gone = tuple(at for at in made.gone if at not in sheltered and at not in everywhere)
        there.plan = Plan(made.read, made.keep, gone if there.source.whole else ())
        if there.plan.gone and not there.documents and not allow_empty:
            raise SourceError(
                f"{there.source.origin!r} is empty, and was not: {len(gone)} documents would go",
                "see whether its disk is mounted; if they shall go, use --allow-empty",
            )
