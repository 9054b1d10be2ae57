"""``kb sync``: make the knowledge base mirror folders, files and addresses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, Doors, doors
from ui.commands.mirroring import mirrored, print_report, remark_skipped, watched
from ui.commands.options import AllowPrivate, AsJson, Debug, FileDates, Home, Quiet
from ui.commands.speech import print_json, wrong_usage
from ui.commands.stopping import STOPPED, stopping
from ui.terminal import console
from ui.wire import dumps, line, sync_json

if TYPE_CHECKING:
    from kb import SyncReport

__all__ = ["sync"]

SKIPPED = 4


def sync(
    ctx: typer.Context,
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_ADDRESS",
            help="Folders, files, and http(s):// addresses of a page, a feed or a sitemap.",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Only print what would be done.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", metavar="", help="Go on mirroring, until Ctrl-C.")
    ] = False,
    allow_private: AllowPrivate = False,
    file_dates: FileDates = False,
    allow_empty: Annotated[
        bool,
        typer.Option(
            "--allow-empty",
            metavar="",
            help="Remove all of a place that is empty now; else it counts as not mounted.",
        ),
    ] = False,
    embedder: Annotated[
        str | None,
        typer.Option(
            "--embedder",
            metavar="NAME",
            help="The embedding model of a new home (or KB_EMBEDDER): auto, minilm, mpnet, "
            "sentence-transformers:PATH; for one that has articles, see kb reindex.",
            show_default=False,
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Make the knowledge base mirror folders, files and addresses.

    New articles are added, changed ones updated, those gone from the folder
    removed. What did not change costs next to nothing. A document that cannot
    be read is skipped, and the report says why. Ctrl-C stops after the article
    at hand, and the next sync goes on.

    A dry run prints + added, ~ updated, > moved, - removed. With --watch a
    report (with --json, one object a line) comes each time that something
    changed; Ctrl-C is its end, and no error, unless it stops a sync midway.

    [bold]Examples[/bold]

      kb sync articles/ https://example.org/feed.xml

      kb sync news/ report.pdf --dry-run --json

      kb sync news/ --watch

    Exit codes: 0 done, 1 an error, 2 wrong usage, 4 done, but documents were
    skipped (not with --watch), 130 stopped before the end.
    """
    if watch and dry_run:
        wrong_usage("--dry-run changes nothing, and --watch goes on doing so: give one of them")
    once = "stopping after this article; Ctrl-C again stops at once"
    options = {"allow_private": allow_private, "file_dates": file_dates}
    code = 0
    with (
        _home(doors(ctx), home, dry_run=dry_run) as folder,
        doors(ctx).open(folder, model=NO_MODEL, embedder=embedder) as knowledge_base,
        stopping("stopping; Ctrl-C again stops at once" if watch else once) as stop,
    ):
        if watch:
            reports = watched(knowledge_base, places, stop, quiet=quiet, **options)
        else:
            options |= {"dry_run": dry_run, "allow_empty": allow_empty}
            reports = mirrored(knowledge_base, places, stop, quiet=quiet, **options)
        for report in reports:
            _tell(report, as_json=as_json, quiet=quiet, watch=watch)
            code = STOPPED if report.stopped else SKIPPED if report.skipped and not watch else 0
    if code:
        raise typer.Exit(code)


def _tell(report: SyncReport, *, as_json: bool, quiet: bool, watch: bool) -> None:
    if as_json:
        wire = sync_json(report)
        print_json(line(wire) if watch else dumps(wire))
    elif report.dry_run or not quiet:
        print_report(report, console())
    remark_skipped(report)


@contextmanager
def _home(doors: Doors, home: Path | None, *, dry_run: bool) -> Iterator[Path | None]:
    """Give the home; for a dry run of one that is not there, one that goes away again."""
    if dry_run and not doors.settings(home).home.exists():
        with TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        yield home
