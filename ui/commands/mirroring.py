"""A sync with its progress, once or again and again, and how its report is told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ui.commands.progress import progress, reading
from ui.commands.speech import remark
from ui.terminal import one_line

if TYPE_CHECKING:
    from rich.console import Console

    from kb import KnowledgeBase, Progress, SyncReport
    from ui.api.syncing import Syncs

__all__ = ["mirrored", "print_report", "remark_skipped", "watched"]

_NO_READER = "no reader for "
_MANY = 4


def mirrored(
    knowledge_base: KnowledgeBase | Syncs,
    places: Sequence[str],
    stop: threading.Event,
    *,
    quiet: bool,
    dry_run: bool = False,
    **options: bool,
) -> Iterator[SyncReport]:
    """Sync with progress, and yield the one report.

    Args:
        options: More that ``KnowledgeBase.sync`` takes.
    """
    with progress("reading", quiet=quiet, stop=stop) as tell:
        report = knowledge_base.sync(
            *places, dry_run=dry_run, progress=reading(tell), stop=stop.is_set, **options
        )
    yield report


def watched(
    knowledge_base: KnowledgeBase | Syncs,
    places: Sequence[str],
    stop: threading.Event,
    *,
    quiet: bool,
    **options: Any,
) -> Iterator[SyncReport]:
    """Sync until ``stop`` is set, and yield the reports that tell of something.

    What was skipped is in the first report that tells of it, and in none after that.
    """

    def step(done: Progress) -> None:
        reading(tell)(done)

    known: set[tuple[str, str]] = set()
    reports = knowledge_base.watch(*places, stop=stop, progress=step, **options)
    first = True
    while True:
        with progress("reading", quiet=quiet, at_once=first, stop=stop) as tell:
            report = next(reports, None)
        if report is None:
            return
        skipped = {(each.uri, each.reason): each for each in report.skipped}
        new = tuple(one for key, one in skipped.items() if key not in known)
        report = replace(report, skipped=new)
        known |= skipped.keys()
        if _tells(report):
            yield report
        if first:
            remark(["watching; Ctrl-C ends it"], quiet=quiet or stop.is_set())
        first = False


def _tells(report: SyncReport) -> bool:
    changed = report.added or report.updated or report.moved or report.removed
    return bool(changed or report.skipped or report.stopped)


def remark_skipped(report: SyncReport) -> None:
    """Print what was skipped, and why: a line each, but one for all that no reader knows."""
    unknown = [each for each in report.skipped if each.reason.startswith(_NO_READER)]
    told = [each for each in report.skipped if each not in unknown or len(unknown) < _MANY]
    remark((f"skipped {each.uri}: {each.reason}" for each in told), quiet=False)
    if len(unknown) >= _MANY:
        endings = Counter(each.reason.removeprefix(_NO_READER) for each in unknown)
        counts = ", ".join(f"{count} {ending}" for ending, count in endings.most_common())
        remark([f"skipped {len(unknown)} files without a reader: {counts}"], quiet=False)


def print_report(report: SyncReport, out: Console) -> None:
    """Print the figures of a sync; of a dry run, every article that would change."""
    if report.dry_run:
        _print_plan(report, out)
    parts = [f"{len(report.added)} added", f"{len(report.updated)} updated"]
    if report.moved:
        parts.append(f"{len(report.moved)} moved")
    parts += [f"{len(report.removed)} removed", f"{report.kept} kept"]
    if report.skipped:
        parts.append(f"{len(report.skipped)} skipped")
    figures = ", ".join(parts)
    if report.dry_run:
        end = "; stopped before the end" if report.stopped else ""
        out.print(f"would be: {figures}{end}")
    else:
        end = "; stopped: the next sync goes on" if report.stopped else ""
        out.print(f"{figures}; {report.passages} passages, {report.seconds:.1f} s{end}")


def _print_plan(report: SyncReport, out: Console) -> None:
    moved = [f"{before} → {now}" for before, now in report.moved]
    signs = {"+": report.added, "~": report.updated, ">": moved, "-": report.removed}
    for sign, lines in signs.items():
        for each in lines:
            out.print(f"{sign} {one_line(each)}")
