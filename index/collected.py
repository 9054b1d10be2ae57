"""Collections: articles that came together, by the place that they were synced from.

Nothing of it is stored. A folder that was synced is a collection, and so is each folder right in
it; so are a feed, a site and a file; and what was handed in is one. A collection has a name that
tells nothing of where the place lies on the disk.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HANDED_IN", "Collected", "Collection", "collected"]

HANDED_IN = "handed in"
_Place = tuple[str, str]  # the origin of documents, and how their locations begin; "" for any


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles that came together.

    Attributes:
        articles: How many there are; those in folders further in are among them.
    """

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Collected:
    """All collections of a home, by name.

    Attributes:
        places: Where the documents of each are, by its name in small letters.
    """

    collections: tuple[Collection, ...]
    places: Mapping[str, tuple[_Place, ...]]

    def where(self, names: Sequence[str]) -> tuple[str, list[object]]:
        """Return an SQL condition on documents ``d`` in one of these, and its values."""
        places = [one for name in names for one in self.places.get(name.casefold(), ())]
        each = "((? = '' OR d.origin = ?) AND substr(d.location, 1, ?) = ?)"
        values: list[object] = [
            value
            for origin, beginning in places
            for value in (origin, origin, len(beginning), beginning)
        ]
        return " OR ".join([each] * len(places)) or "0", values


def collected(rows: Iterable[tuple[str, str, int]], uploads: Path) -> Collected:
    """Return the collections of these documents.

    Args:
        rows: Of each its location, the origin that listed it, and how many articles it has.
        uploads: The folder of what was handed in.
    """
    counts: Counter[str] = Counter()
    places: dict[str, dict[_Place, None]] = {}
    for location, origin, articles in rows:
        for name, place in _of(location, origin, uploads):
            counts[name] += articles
            places.setdefault(name.casefold(), {})[place] = None
    names = sorted(counts, key=lambda name: (name.casefold(), name))
    return Collected(
        tuple(Collection(name, counts[name]) for name in names),
        {name: tuple(found) for name, found in places.items()},
    )


def _of(location: str, origin: str, uploads: Path) -> list[tuple[str, _Place]]:
    """Return the names of the collections that a document is in, each with its place."""
    if "://" in origin:
        return [(origin, (origin, ""))]
    place = Path(origin)
    if place.parent == uploads:
        return [(HANDED_IN, ("", f"{uploads}{os.sep}"))]
    name = place.name or origin
    first, further, _ = location.removeprefix(origin).lstrip(os.sep).partition(os.sep)
    inner = (f"{name}/{first}", (origin, f"{origin.rstrip(os.sep)}{os.sep}{first}{os.sep}"))
    return [(name, (origin, "")), *([inner] if further else [])]
