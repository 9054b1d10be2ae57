"""The Status page as HTML: pure functions that escape everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ui.frame import moment
from ui.passages import escape

if TYPE_CHECKING:
    from kb import LastSync, Status
    from kb.checks import Check
    from ui.api.syncing import SyncJob

__all__ = ["answering", "machine", "page", "queue", "syncs"]

_INDEX = {
    "whole": "whole",
    "changing": "being changed: articles are stored",
    "healing": "being made anew; answers are right meanwhile, and take a little longer",
    "missing": "not there; answers are right, and take longer, until articles are stored or the"
    " knowledge base is opened again",
}
_STATES = {
    "done": "done",
    "failed": "failed",
    "stopped": "stopped before its end; the next one goes on",
    "interrupted": "broken off, as its process was ended; what it had stored is there",
}


def page(body: str) -> str:
    """Return the whole of it."""
    return (
        '<h1>Status</h1><p class="fn-hint">As it is at this moment. '
        f'<a href="/status">Look again</a></p><div class="fn-sheets">{body}</div>'
    )


def answering(status: Status, *, busy: bool) -> str:
    """Return what answers, and from what."""
    notes = "".join(f'<p class="fn-notice">{escape(note)}</p>' for note in status.notes)
    return _sheet(
        "Answers",
        [
            ("Models", "being loaded" if busy else "ready"),
            ("Model", escape(status.model)),
            ("Embedder", escape(status.embedder)),
        ],
        notes,
    ) + _sheet(
        "Index",
        [
            ("Articles", f'<a href="/library">{status.articles:,}</a>'),
            ("Passages", f"{status.passages:,}"),
            ("Vector index", _INDEX[status.index]),
            ("Revision", f"{status.revision:,}"),
        ],
    )


def queue(served: int, waiting: int, most: int) -> str:
    """Return how many questions there are, and how many there may be."""
    return _sheet(
        "Queue",
        [("Being answered", f"{served:,}"), ("Waiting", f"{waiting:,} of at most {most:,}")],
    )


def syncs(current: SyncJob | None, last: LastSync | None) -> str:
    """Return what is being synced, and what came of the last one."""
    now = _sync(current) if current else [("Now", "none is at work")]
    if last is None:
        return _sheet("Last sync", [*now, ("Last", "none yet")])
    told = (
        f"{last.added:,} added, {last.updated:,} updated, {last.moved:,} moved,"
        f" {last.removed:,} removed, {last.kept:,} kept, {last.skipped:,} skipped"
    )
    ended = [
        ("Ended", moment(last.ended_at) or "not known"),
        ("State", _STATES[last.state]),
        ("Report", told if last.state in ("done", "stopped") else escape(last.problem or "none")),
    ]
    return _sheet("Last sync", [*now, ("Of", _places(last.places)), *ended])


def _sync(job: SyncJob) -> list[tuple[str, str]]:
    share = job.progress.share if job.progress else 0.0
    return [
        ("Now", f'{_places(job.places)} <progress max="1" value="{share:.3f}"></progress>'),
        ("Begun", moment(job.begun_at)),
    ]


def _places(places: Sequence[str]) -> str:
    first = f"<bdi>{escape(places[0])}</bdi>"
    return first if len(places) == 1 else f"{first} and {len(places) - 1:,} more"


def machine(home: Path, size: int, checks: Iterable[Check]) -> str:
    """Return where the knowledge base lies, and what the doctor found on the machine."""
    disk = _sheet(
        "Disk",
        [
            ("Home", f"<bdi>{escape(str(home))}</bdi>"),
            ("On disk", f"{size / 1_000_000:,.1f} MB"),
        ],
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(check.name)}</th>'
        f'<td><span class="fn-state" data-state="{check.state}">{check.state}</span></td>'
        f"<td>{escape(check.detail)}{_remedy(check.remedy)}</td></tr>"
        for check in checks
    )
    return (
        f'{disk}<section class="fn-wide" aria-labelledby="fn-doctor"><h2 id="fn-doctor">What the '
        'doctor says</h2><div class="fn-scroll"><table class="fn-checks"><thead><tr>'
        '<th scope="col">Looked at</th><th scope="col">State</th><th scope="col">Found</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div></section>"
    )


def _remedy(remedy: str) -> str:
    return f'<p class="fn-hint">{escape(remedy)}</p>' if remedy else ""


def _sheet(title: str, lines: Iterable[tuple[str, str]], more: str = "") -> str:
    """A section of names and values; the values are HTML."""
    items = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in lines)
    return f"<section><h2>{title}</h2><dl>{items}</dl>{more}</section>"
