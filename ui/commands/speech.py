"""What a command says beside its data: remarks and errors, one line each, on standard error."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

import typer

from ui.terminal import one_line

if TYPE_CHECKING:
    from kb import Chip

__all__ = [
    "print_json",
    "remark",
    "remark_chips",
    "tell_bug",
    "tell_error",
    "tell_thread_bug",
    "tell_warnings",
    "wrong_usage",
]

WRONG_USAGE = 2


def remark(lines: Iterable[str], *, quiet: bool) -> None:
    """Print lines a user should know of."""
    if not quiet:
        for line in lines:
            typer.echo(f"kb: {one_line(line)}", err=True)


def remark_chips(chips: Iterable[Chip], *, quiet: bool) -> None:
    """Print what a question was understood to ask for, if it asks for something."""
    if labels := " · ".join(chip.label for chip in chips):
        remark([f"understood: {labels}; take one back with --without"], quiet=quiet)


def tell_error(error: BaseException) -> None:
    """Print what failed and what to do."""
    typer.echo(f"kb: {one_line(str(error)) or type(error).__name__}", err=True)


def wrong_usage(line: str) -> NoReturn:
    """Print why a command cannot be given like that, and end.

    Args:
        line: A sentence without its full stop.
    """
    typer.echo(f"kb: {one_line(line)}.", err=True)
    raise typer.Exit(WRONG_USAGE)


def tell_bug(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Print one line about an error that nobody expected; a ``sys.excepthook``."""
    del traceback
    sys.stdout.flush()
    what = f"{kind.__name__}: {one_line(str(error))}" if str(error) else kind.__name__
    typer.echo(
        f"kb: an unexpected error: {what}. Run it again with --debug to see where.", err=True
    )


def tell_thread_bug(arguments: threading.ExceptHookArgs) -> None:
    """Print one line about an error that nobody expected; a ``threading.excepthook``."""
    if arguments.exc_value is not None:
        tell_bug(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


def print_json(text: str) -> None:
    """Print JSON on standard output as UTF-8, whatever the terminal's encoding is."""
    typer.echo(text.encode("utf-8"))


class _Remarks(logging.Handler):
    """Prints what is logged as remarks, without what developers want to know."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one line."""
        remark([record.getMessage()], quiet=False)


def tell_warnings() -> None:
    """Print what goes on in the knowledge base, and a user should know of, as remarks."""
    for name in ("kb", "index"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, _Remarks) for each in logger.handlers):
            logger.addHandler(_Remarks(logging.WARNING))
