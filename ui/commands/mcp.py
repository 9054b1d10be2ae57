"""``kb mcp``: the knowledge base as tools for a model, over standard input and output."""

from __future__ import annotations

import typer

from ui.commands.doors import doors
from ui.commands.options import Debug, Home, Model

__all__ = ["mcp"]


def mcp(ctx: typer.Context, home: Home = None, model: Model = None, debug: Debug = False) -> None:
    """Speak the Model Context Protocol on standard input and output.

    The tools are search, ask, read_article and cite. Give the command to the program
    that starts servers for its model; over HTTP, kb serve speaks it at /mcp.

    [bold]Examples[/bold]

      kb mcp

      kb mcp --home data/home --model quotes

    Exit codes: 0 the other side has hung up, 1 an error, 2 wrong usage.
    """
    with doors(ctx).open(home, model=model, create=False) as knowledge_base:
        from ui.mcp import build_mcp

        build_mcp(knowledge_base).run("stdio")
