"""``kb serve``: the chat in a browser."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import doors
from ui.commands.options import Debug, Home, Model, Quiet
from ui.commands.progress import progress
from ui.commands.speech import remark, tell_error
from ui.commands.sync import print_report
from ui.terminal import console, one_line

if TYPE_CHECKING:
    from kb import KnowledgeBase, Progress

__all__ = ["read_examples", "serve"]

_EXAMPLES = 4
_STOP_WITHIN = 10.0  # seconds for a sync to finish the article it is at


def serve(
    ctx: typer.Context,
    host: Annotated[
        str | None,
        typer.Option(help="Which name of this machine (or KB_HOST): 127.0.0.1."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            help="Which port (or KB_PORT): 7860; 0 is any that is free.", min=0, max=65535
        ),
    ] = None,
    sync: Annotated[
        list[Path] | None,
        typer.Option(
            "--sync", metavar="PATH", help="Sync this behind the page; may be given again."
        ),
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help='JSON Lines with "question": the page offers four of them.'
        ),
    ] = None,
    home: Home = None,
    model: Model = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Serve the chat as a page on this machine, until Ctrl-C.

    The page is up first; the models are loaded, and --sync is done, behind it.
    Only this machine is served: there is no password yet.

    [bold]Examples[/bold]

      kb serve

      kb serve --home data/home --sync data/articles --port 8000

    Exit codes: 0 stopped, 1 an error, 2 wrong usage.
    """
    offered = read_examples(examples) if examples else []
    settings = doors(ctx).settings(home, model=model, host=host, port=port)
    with (
        doors(ctx).open(home, model=model, create=bool(sync)) as knowledge_base,
        _syncing(knowledge_base, sync or [], quiet=quiet) as start_sync,
    ):

        def say(where: str) -> None:
            typer.echo(one_line(where))
            start_sync()

        doors(ctx).serve(
            knowledge_base, host=settings.host, port=settings.port, examples=offered, say=say
        )
    remark(["stopped"], quiet=quiet)


def read_examples(path: Path) -> list[str]:
    """Return four questions of a file: answerable ones, of different clusters where it names them.

    Raises:
        SourceError: The file cannot be read, or a line is not a JSON object with a question.
    """
    from kb.errors import SourceError

    chosen: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines):
            entry = json.loads(line) if line.strip() else {"answerable": False}
            if entry.get("answerable", True):
                chosen.setdefault(str(entry.get("cluster", number)), str(entry["question"]))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise SourceError(
            f"cannot read example questions from {str(path)!r}: {error}",
            'give a file of JSON lines like {"question": "..."}',
        ) from error
    return list(chosen.values())[:_EXAMPLES]


class _Stopped(Exception):
    """The server has stopped, and the sync behind it is to stop as well."""


@contextlib.contextmanager
def _syncing(
    knowledge_base: KnowledgeBase, paths: Sequence[Path], *, quiet: bool
) -> Iterator[Callable[[], None]]:
    """Give a function that starts a sync in a thread; it stops when the block ends."""
    stop = threading.Event()

    def work() -> None:
        _sync(knowledge_base, paths, stop, quiet=quiet)

    thread = threading.Thread(target=work, name="sync", daemon=True)

    def start() -> None:
        if paths:
            thread.start()

    try:
        yield start
    finally:
        stop.set()
        if thread.is_alive():
            thread.join(_STOP_WITHIN)


def _sync(
    knowledge_base: KnowledgeBase, paths: Sequence[Path], stop: threading.Event, *, quiet: bool
) -> None:
    """Sync, and tell what came of it; an error does not end the server."""
    from kb import KBError

    try:
        with progress("reading", quiet=quiet) as tell:

            def told(step: Progress) -> None:
                if stop.is_set():
                    raise _Stopped
                tell(step.done, step.total, step.uri)

            report = knowledge_base.sync(*paths, progress=told)
    except _Stopped:
        return
    except KBError as error:
        tell_error(error)
        return
    if not quiet:
        print_report(report, console(stderr=True))
    remark((f"skipped {each.uri}: {each.reason}" for each in report.skipped), quiet=False)
