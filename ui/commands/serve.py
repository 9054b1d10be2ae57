"""``kb serve``: the chat in a browser."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.api.syncing import Syncs
from ui.commands.doors import doors
from ui.commands.mirroring import mirrored, print_report, remark_skipped, watched
from ui.commands.options import AllowPrivate, Debug, FileDates, Home, Model, Quiet
from ui.commands.speech import remark, tell_error, wrong_usage
from ui.terminal import console, one_line

if TYPE_CHECKING:
    from kb import Settings, SyncReport
    from ui.api.service import Limits

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
        list[str] | None,
        typer.Option(
            "--sync",
            metavar="PATH_OR_ADDRESS",
            help="Sync this behind the page; may be given again.",
            show_default=False,
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", metavar="", help="Go on mirroring what --sync names."),
    ] = False,
    allow_private: AllowPrivate = False,
    file_dates: FileDates = False,
    auth: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Who may sign in (or KB_AUTH): a file that kb users add has made.",
            show_default=False,
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where it is reached through a proxy (or KB_URL), as https://kb.example.org.",
            show_default=False,
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
    """Serve the chat as a page, and the API, until Ctrl-C.

    The page is up first; the models are loaded, and --sync is done, behind it.
    Without --host only this machine is served, and nobody is asked who they are.
    Another host takes --auth FILE, for people, or a token (kb token), for programs.

    [bold]Examples[/bold]

      kb serve

      kb serve --home data/home --sync data/articles --watch --port 8000

      kb serve --host 0.0.0.0 --auth users.txt --url https://kb.example.org

    Exit codes: 0 stopped, 1 an error, 2 wrong usage.
    """
    if watch and not sync:
        wrong_usage("--watch goes on with what --sync names: give both")
    offered = read_examples(examples) if examples else []
    settings = doors(ctx).settings(home, model=model, host=host, port=port, auth=auth, url=url)
    mirror = watched if watch else mirrored
    options = {"allow_private": allow_private, "file_dates": file_dates}

    def sync_behind(stop: threading.Event) -> None:
        _tell(mirror(syncs, sync or [], stop, quiet=quiet, **options), quiet=quiet)

    with (
        doors(ctx).open(home, model=model, create=bool(sync)) as knowledge_base,
        _behind(sync_behind) as start_sync,
    ):
        syncs = Syncs(knowledge_base)

        def say(where: str) -> None:
            typer.echo(one_line(where))
            if sync:
                start_sync()

        doors(ctx).serve(
            knowledge_base,
            limits=_limits(settings),
            host=settings.host,
            port=settings.port,
            auth=settings.auth,
            url=settings.url,
            examples=offered,
            syncs=syncs,
            say=say,
        )
    remark(["stopped"], quiet=quiet)


def _limits(settings: Settings) -> Limits:
    from ui.api.service import Limits

    return Limits(
        seats=settings.at_once,
        waiting=settings.questions_waiting,
        requests=settings.requests_per_minute,
        upload=settings.upload_megabytes * 1_000_000,
    )


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


@contextlib.contextmanager
def _behind(mirror: Callable[[threading.Event], None]) -> Iterator[Callable[[], None]]:
    """Give a function that starts a thread for this; its event is set when the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=mirror, args=(stop,), name="sync", daemon=True)
    try:
        yield thread.start
    finally:
        stop.set()
        if thread.is_alive():
            thread.join(_STOP_WITHIN)


def _tell(reports: Iterator[SyncReport], *, quiet: bool) -> None:
    """Tell what comes of a sync; an error does not end the server."""
    from kb import KBError

    try:
        for report in reports:
            if not quiet:
                print_report(report, console(stderr=True))
            remark_skipped(report)
    except KBError as error:
        tell_error(error)
