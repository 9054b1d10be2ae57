"""``kb conversations export``: a conversation as Markdown or JSON."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ui.commands.conversations.showing import Id
from ui.commands.doors import NO_MODEL, doors
from ui.commands.files import whole_file
from ui.commands.options import Debug, Home, Overwrite, Quiet
from ui.commands.speech import print_json, remark

__all__ = ["export_conversation"]


class _Format(StrEnum):
    MD = "md"
    JSON = "json"


def export_conversation(
    ctx: typer.Context,
    id: Id,
    format: Annotated[
        _Format, typer.Option(help="Markdown with footnotes, or what kb ask --json prints.")
    ] = _Format.MD,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to; else standard output.", show_default=False),
    ] = None,
    overwrite: Overwrite = False,
    home: Home = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write a conversation as Markdown, with a footnote for every citation, or as JSON.

    What articles say is text in it: it can forge no footnote, link or picture. In
    JSON the answers are what was streamed, to the last character. A file is there
    whole or not at all.

    [bold]Examples[/bold]

      kb conversations export 3f2a --out luna.md

      kb conversations export 3f2a --format json | jq -r '.answers[].text'

    Exit codes: 0 done, 1 an error (there is no such conversation), 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        text = knowledge_base.conversations.export(id, format.value)
    if out is None:
        print_json(text.removesuffix("\n"))
        return
    with whole_file(out, overwrite=overwrite) as file:
        file.write(text)
    remark([f"written: {out}"], quiet=quiet)
