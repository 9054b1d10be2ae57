"""The command line ``kb``: parse, call one method of the knowledge base, print what it returns.

Exit codes: 0 done, 1 an error told in one line, 2 wrong usage, 3 a refusal from ``ask``, 4 a sync
that skipped documents, 130 stopped or interrupted, 141 the reader of a pipe has left.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ui.commands.articles import articles
from ui.commands.ask import ask
from ui.commands.chat import LatestByDefault, chat
from ui.commands.cite import cite
from ui.commands.conversations import conversations
from ui.commands.doctor import doctor
from ui.commands.doors import Doors
from ui.commands.eval import evaluate
from ui.commands.feedback import feedback
from ui.commands.keeping import backup, compact, restore
from ui.commands.mcp import mcp
from ui.commands.models import models
from ui.commands.options import DEBUG
from ui.commands.reindex import reindex
from ui.commands.search import search
from ui.commands.serve import serve
from ui.commands.speech import tell_bug, tell_error, tell_thread_bug, tell_warnings
from ui.commands.sync import sync
from ui.commands.token import token
from ui.commands.users import users

__all__ = ["app", "main"]

INTERRUPTED, PIPE_CLOSED = 130, 141


@contextlib.contextmanager
def _told_in_one_line(meta: dict[str, Any]) -> Iterator[None]:
    """Turn what goes wrong on purpose into a line and an exit code."""
    from kb import KBError

    try:
        try:
            yield
        finally:
            sys.stdout.flush()  # here a closed pipe can still be told from an error
    except KBError as error:
        if meta.get(DEBUG):
            raise
        tell_error(error)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        typer.echo("kb: interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from error
    except BrokenPipeError as error:
        _close_output()
        raise typer.Exit(PIPE_CLOSED) from error


def _close_output() -> None:
    """Send the rest of standard output nowhere, so that the last flush does not fail as well."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


class _Commands(TyperGroup):
    """The commands, with every error told in one place."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        with _told_in_one_line(ctx.meta):
            return super().invoke(ctx)


app = typer.Typer(
    name="kb",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("footnoted")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"footnoted {number}")
        raise typer.Exit


@app.callback()
def kb(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            metavar="",
            help="Print the version.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """A knowledge base of articles that puts a footnote under every sentence it answers.

    [bold]Begin with[/bold]

      kb models pull qwen2.5-coder-1.5b-instruct

      kb sync articles/

      kb ask "Who bought Silicon Valley Bank?"

      kb serve

    The model is optional: without it, answers are the articles' own sentences.
    Settings: options over KB_* variables over kb.toml in the home over defaults.

    Exit codes: 0 done, 1 an error (one line on standard error), 2 wrong usage,
    3 ask: the articles do not answer it, cite: a sentence is unsupported,
    4 sync: some documents were skipped, 130 stopped by Ctrl-C before the end.
    """


app.command()(sync)
app.command()(search)
app.command()(ask)
app.command()(cite)
app.command(cls=LatestByDefault)(chat)
app.add_typer(conversations)
app.command()(feedback)
app.command()(serve)
app.command()(mcp)
app.add_typer(token)
app.add_typer(users)
app.add_typer(articles)
app.command()(backup)
app.command()(restore)
app.command()(compact)
app.command()(reindex)
app.add_typer(models)
app.command("eval")(evaluate)
app.command()(doctor)


def main(arguments: Sequence[str] | None = None, doors: Doors | None = None) -> None:
    """Run ``kb`` and exit.

    Args:
        arguments: What stands after ``kb``; ``None`` takes the process's.
        doors: How commands get at the knowledge base; ``None`` opens the real one.

    Raises:
        SystemExit: Always, with the exit code.
    """
    sys.excepthook = tell_bug
    threading.excepthook = tell_thread_bug
    tell_warnings()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries, to developers: python -W shows them
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # ours are enough
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        with _told_in_one_line({}):
            typer.main.get_command(app).main(arguments, prog_name="kb", obj=doors)
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from end


if __name__ == "__main__":
    main()
