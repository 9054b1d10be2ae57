"""The options that many commands share, said once."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "DEBUG",
    "AllowPrivate",
    "AsJson",
    "Debug",
    "FileDates",
    "Home",
    "Model",
    "Overwrite",
    "Quiet",
    "Server",
    "ShowUnsupported",
]

DEBUG = "kb.debug"
"""The key in ``ctx.meta`` under which ``--debug`` is noted."""


def _debug(ctx: typer.Context, value: bool) -> bool:
    """Note ``--debug``, and let Python print what the program would have told in one line."""
    if value:
        ctx.meta[DEBUG] = True
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
    return value


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="The knowledge base's folder (or KB_HOME); else the one in your user data.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="Who writes (or KB_MODEL): auto, quotes, local, gguf:PATH, ollama:NAME, "
        "openai:NAME, anthropic:NAME.",
        show_default=False,
    ),
]
Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        envvar="KB_SERVER",
        show_envvar=False,
        help="Ask the server there (or KB_SERVER), with the token in KB_TOKEN if it wants one.",
        show_default=False,
    ),
]
ShowUnsupported = Annotated[
    bool,
    typer.Option(
        "--show-unsupported",
        metavar="",
        help="Also show the sentences that no article carries, each marked.",
    ),
]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json", metavar="", help="Print one JSON object and nothing else on standard output."
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", metavar="", help="No progress, no remarks; errors are still told."
    ),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug", metavar="", help="For developers: the traceback of an error.", callback=_debug
    ),
]
AllowPrivate = Annotated[
    bool,
    typer.Option(
        "--allow-private",
        metavar="",
        help="Addresses may be in a private network; else a page could lead into yours.",
    ),
]
FileDates = Annotated[
    bool,
    typer.Option(
        "--file-dates",
        metavar="",
        help="An article without a date gets that of its file: often when it was only copied, "
        "which is why this is off.",
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", metavar="", help="In the place of a file that is there.")
]
