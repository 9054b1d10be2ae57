"""What an answer says where its sources disagree: both sides, with who says them and when."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from kb.answer import Conflict
from kb.disagree import Disagreement, said_by
from kb.draft import Draft
from kb.evidence import Scored

__all__ = ["told"]

_AT_MOST = 3  # further sides that are told


def told(draft: Draft, found: Sequence[Disagreement]) -> Generator[str, None, tuple[Conflict, ...]]:
    """Yield the sides that a draft has left out, as shown; return the conflicts of what it cites.

    A disagreement of which the draft cites neither side is not its subject.
    """
    conflicts: list[Conflict] = []
    outdated: list[Scored] = []
    for one in found:
        cited = draft.cites(one.newer) or draft.cites(one.older)
        if len(conflicts) == _AT_MOST or not cited or one.newer in outdated:
            continue
        outdated.append(one.older)
        for side, other in ((one.newer, one.older), (one.older, one.newer)):
            if not draft.cites(side):
                yield draft.quote(side, _lead(side, other))
        conflicts.append(_conflict(draft, one))
    return tuple(conflicts)


def _conflict(draft: Draft, one: Disagreement) -> Conflict:
    newer, older = draft.cites(one.newer), draft.cites(one.older)
    sides = [
        f"{value or 'otherwise'}, {said_by(side)} [{number}]"
        for value, side, number in zip(
            one.values, (one.newer, one.older), (newer, older), strict=True
        )
    ]
    return Conflict(one.kind, newer, older, not one.same_day, "; ".join(sides))


def _day(one: Scored) -> str:
    return (one.hit.article.published_at or "")[:10]


def _lead(side: Scored, other: Scored) -> str:
    if _day(side) == _day(other) or not (_day(side) and _day(other)):
        return f"But {said_by(side)}"
    return f"{'Later' if _day(side) > _day(other) else 'Earlier'}, {said_by(side)}"
