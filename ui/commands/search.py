"""``kb search``: the passages that are nearest to a question."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from ui.commands.doors import NO_MODEL, asked_at
from ui.commands.filters import (
    AsOf,
    Collections,
    Now,
    Since,
    Sources,
    Until,
    Without,
    asked_for,
    filter_of,
)
from ui.commands.options import AsJson, Debug, Home, Quiet, Server
from ui.commands.question import Question, read_question
from ui.commands.speech import print_json, remark, remark_chips
from ui.terminal import console, print_hits
from ui.wire import dumps, hits_json

__all__ = ["search"]

_NOTHING = "nothing was found; `kb articles list` shows what there is"


def search(
    ctx: typer.Context,
    question: Question,
    limit: Annotated[
        int,
        typer.Option("--limit", "-n", min=1, max=1000, metavar="N", help="How many, 1 to 1000."),
    ] = 10,
    source: Sources = None,
    collection: Collections = None,
    since: Since = None,
    until: Until = None,
    now: Now = None,
    as_of: AsOf = None,
    without: Without = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            metavar="",
            help="Say how the question was understood, and what speaks for each passage.",
        ),
    ] = False,
    home: Home = None,
    server: Server = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Find the passages nearest to a question, best first; no model writes anything.

    The score orders this list only. The similarity, the cosine of question and
    passage, can be compared between questions. With --since or --until, articles
    without a date are left out. Sources and days that the question names go
    first; --explain shows them, and --without takes one back. It also shows
    what speaks for each passage, counted from the mean of the list.

    [bold]Examples[/bold]

      kb search "How deep was the earthquake?" --limit 5

      kb search "Luna-25" --source Reuters --since 2023-08-19

      kb search "Luna-25 in August 2023, says Reuters" --explain --without "from: Reuters"

      kb search "Luna-25" --json | jq -r '.hits[].article.uri'

    Exit codes: 0 done (also if nothing was found), 1 an error, 2 wrong usage.
    """
    asked = read_question(question)
    options = asked_for(source, since, until, now, as_of, without, collection)
    with asked_at(ctx, home, server, quiet=quiet, model=NO_MODEL) as knowledge_base:
        began = time.perf_counter()
        hits = knowledge_base.search(asked, limit, **options, explain=explain)
        took = (time.perf_counter() - began) * 1000
        chips = knowledge_base.chips(asked, now=now or as_of, without=options["without"] or ())
        wanted = filter_of(source, since, until, None, None, collection)
        why = _NOTHING if hits else knowledge_base.why_nothing(wanted) or _NOTHING
    if as_json:
        print_json(dumps(hits_json(asked, hits, took, chips)))
    else:
        print_hits(hits, console())
    if explain:
        remark_chips(chips, quiet=quiet)
    if not hits:
        remark([why], quiet=quiet)
