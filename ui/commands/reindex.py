"""``kb reindex``: the passages' vectors from another embedding model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.progress import Tell, progress
from ui.commands.speech import print_json
from ui.commands.stopping import STOPPED, stopping
from ui.terminal import one_line
from ui.wire import dumps

if TYPE_CHECKING:
    from kb.knowledge_base import ReindexProgress, ReindexReport

__all__ = ["reindex"]

_OWN = "auto"


def reindex(
    ctx: typer.Context,
    embedder: Annotated[
        str,
        typer.Option(
            "--embedder",
            metavar="NAME",
            help="minilm, mpnet, sentence-transformers:PATH or sentence-transformers:ORG/NAME.",
        ),
    ],
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Embed all passages with another model, and search by that one from then on.

    Articles and passages stay as they are. Until everything is embedded, the
    vectors that are there stay in use; Ctrl-C stops after the texts at hand, and
    the same command goes on. The knowledge base remembers its model: no setting
    is needed to open it.

    [bold]Examples[/bold]

      kb models pull mpnet

      kb reindex --embedder mpnet

      kb reindex --embedder sentence-transformers:models/e5-small --json

    Exit codes: 0 done, 1 an error, 2 wrong usage, 130 stopped before the end.
    """
    with (
        # Not the one that is set: a setting may be what is to be caught up with.
        doors(ctx).open(home, model=NO_MODEL, embedder=_OWN, create=False) as knowledge_base,
        stopping("stopping after these texts; Ctrl-C again stops at once") as stop,
        progress("embedding", quiet=quiet, stop=stop) as tell,
    ):
        report = knowledge_base.reindex(embedder, progress=_embedding(tell), stop=stop.is_set)
    if as_json:
        print_json(dumps(_json(report)))
    elif report.stopped:
        typer.echo(f"stopped: {one_line(report.before)} is still in use; run it again to go on")
    elif not quiet:
        embedded = f"{report.embedded:,} of {report.passages:,} passages embedded"
        typer.echo(f"{embedded} in {report.seconds:.0f} s: {one_line(report.embedder)} is in use")
    if report.stopped:
        raise typer.Exit(STOPPED)


def _embedding(tell: Tell) -> Callable[[ReindexProgress], None]:
    """Return what is told of the steps of a reindex."""

    def told(step: ReindexProgress) -> None:
        figures = f"{step.done:,} of {step.passages:,} passages, {step.rate:,.1f} a second"
        tell(step.share, figures, "", step.seconds_left)

    return told


def _json(report: ReindexReport) -> dict[str, object]:
    return {
        "before": report.before,
        "embedder": report.embedder,
        "embedded": report.embedded,
        "passages": report.passages,
        "seconds": report.seconds,
        "stopped": report.stopped,
    }
