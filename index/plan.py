"""What a sync has to look into: a pure comparison of what there is with what was read before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Plan", "plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Locations of documents, by what is to be done with them, each once."""

    read: tuple[str, ...]
    keep: tuple[str, ...]
    gone: tuple[str, ...]


def plan(listed: Mapping[str, str], known: Mapping[str, str]) -> Plan:
    """Compare stamps by location: of the documents that there are, and of those read before.

    Args:
        listed: An empty stamp is never the same: such a document is read.
    """
    return Plan(
        read=tuple(at for at, stamp in listed.items() if not stamp or known.get(at) != stamp),
        keep=tuple(at for at, stamp in listed.items() if stamp and known.get(at) == stamp),
        gone=tuple(at for at in known if at not in listed),
    )
