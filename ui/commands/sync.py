"""``kb sync``: make the knowledge base mirror folders and files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, Doors, doors
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.progress import progress
from ui.commands.speech import print_json, remark
from ui.terminal import console, one_line
from ui.wire import dumps, sync_json

if TYPE_CHECKING:
    from rich.console import Console

    from kb import Progress, SyncReport

__all__ = ["sync"]

SKIPPED = 4


def sync(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Folders or files: Markdown, text, JSON Lines."),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Only print what would be done.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Make the knowledge base mirror folders and files.

    New articles are added, changed ones updated, those gone from the folder
    removed. What did not change costs next to nothing, and a sync that was
    interrupted goes on where it stopped. A document that cannot be read is
    skipped, and the report says why.

    [bold]Examples[/bold]

      kb sync articles/

      kb sync news/ report.md --dry-run --json

    Exit codes: 0 done, 1 an error, 2 wrong usage, 4 done, but documents were skipped.
    """
    with (
        _home(doors(ctx), home, dry_run=dry_run) as folder,
        doors(ctx).open(folder, model=NO_MODEL) as knowledge_base,
        progress("reading", quiet=quiet) as tell,
    ):

        def told(step: Progress) -> None:
            tell(step.done, step.total, step.uri)

        report = knowledge_base.sync(*paths, dry_run=dry_run, progress=told)
    if as_json:
        print_json(dumps(sync_json(report)))
    elif dry_run or not quiet:
        print_report(report, console())
    remark((f"skipped {each.uri}: {each.reason}" for each in report.skipped), quiet=False)
    if report.skipped:
        raise typer.Exit(SKIPPED)


@contextmanager
def _home(doors: Doors, home: Path | None, *, dry_run: bool) -> Iterator[Path | None]:
    """Give the home; for a dry run of one that is not there, one that goes away again."""
    if dry_run and not doors.settings(home).home.exists():
        with TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        yield home


def print_report(report: SyncReport, out: Console) -> None:
    """Print the figures of a sync; of a dry run, every article that would change."""
    if report.dry_run:
        for sign, uris in (("+", report.added), ("~", report.updated), ("-", report.removed)):
            for uri in uris:
                out.print(f"{sign} {one_line(uri)}")
    changed = f"{len(report.added)} added, {len(report.updated)} updated"
    figures = f"{changed}, {len(report.removed)} removed, {report.kept} kept"
    if report.skipped:
        figures += f", {len(report.skipped)} skipped"
    if report.dry_run:
        out.print(f"would be: {figures}")
    else:
        out.print(f"{figures}; {report.passages} passages, {report.seconds:.1f} s")
