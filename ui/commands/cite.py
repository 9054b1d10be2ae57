"""``kb cite``: any text, with a footnote under every sentence that the articles carry."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, asked_at
from ui.commands.files import whole_file
from ui.commands.filters import AsOf, Collections, Now, Since, Sources, Until, asked_for
from ui.commands.options import AsJson, Debug, Home, Overwrite, Quiet, Server
from ui.commands.progress import Tell, progress
from ui.commands.speech import print_json, remark
from ui.commands.stopping import STOPPED, stopping
from ui.terminal import console
from ui.terminal_cited import print_cited, summary
from ui.wire import dumps
from ui.wire_cited import cited_json

if TYPE_CHECKING:
    from kb import Cited

__all__ = ["cite"]

UNSUPPORTED = 3


def cite(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Text or Markdown; - is standard input.")
    ],
    source: Sources = None,
    collection: Collections = None,
    since: Since = None,
    until: Until = None,
    now: Now = None,
    as_of: AsOf = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write there what would be printed."),
    ] = None,
    overwrite: Overwrite = False,
    home: Home = None,
    server: Server = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check a text against the articles, and put a footnote under every sentence they carry.

    The text may be an essay or the answer of any model. Behind each sentence
    stands [1] for what carries it, [1, in part] or [unsupported]; below are the
    quotes, and of what is unsupported, what the articles say that comes nearest.
    Headings, questions, code and references claim nothing and get no mark.
    Numbers in brackets that the text has already are put in parentheses.

    [bold]Examples[/bold]

      kb cite essay.md

      pbpaste | kb cite - --since 2024-08-01 --json

      kb cite essay.md --out checked.md

    Exit codes: 0 all carried, at least in part, 1 an error, 2 wrong usage,
    3 a sentence is unsupported, 130 stopped before the end.
    """
    text = _read(file)
    with (
        asked_at(ctx, home, server, quiet=quiet, model=NO_MODEL) as knowledge_base,
        stopping("stopping after this sentence; Ctrl-C again stops at once") as stop,
        progress("checking", quiet=quiet, stop=stop) as tell,
    ):
        cited = knowledge_base.cite(
            text,
            progress=_checking(tell),
            stop=stop.is_set,
            **asked_for(source, since, until, now, as_of, None, collection),
        )
    if out is None:
        _print(cited, as_json=as_json)
    else:
        _write(cited, out, as_json=as_json, overwrite=overwrite)
    remark([*cited.notes, summary(cited)], quiet=quiet)
    if cited.stopped:
        raise typer.Exit(STOPPED)
    if any(one.verdict == "unsupported" for one in cited.sentences):
        raise typer.Exit(UNSUPPORTED)


def _read(file: Path) -> str:
    """Return the text of a file or of standard input.

    Raises:
        KBError: It cannot be read, or is no text in UTF-8.
    """
    from kb import KBError

    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise KBError(f"cannot read {str(file)!r}: {error.strerror}", "check the path") from error
    except UnicodeDecodeError as error:
        raise KBError(f"{str(file)!r} is no text in UTF-8", "save it as plain text") from error


def _checking(tell: Tell) -> Callable[[int, int], None]:
    """Return what is told of the sentences that are done."""

    def told(done: int, total: int) -> None:
        tell(done / total, f"{done:,} of {total:,} sentences", "", None)

    return told


def _print(cited: Cited, *, as_json: bool) -> None:
    if as_json:
        print_json(dumps(cited_json(cited)))
    else:
        print_cited(cited, console())


def _write(cited: Cited, file: Path, *, as_json: bool, overwrite: bool) -> None:
    from rich.console import Console

    with whole_file(file, overwrite=overwrite) as opened:
        if as_json:
            opened.write(f"{dumps(cited_json(cited))}\n")
        else:
            plain = Console(file=opened, markup=False, highlight=False, emoji=False)
            plain.soft_wrap = True
            print_cited(cited, plain)
