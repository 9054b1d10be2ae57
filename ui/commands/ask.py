"""``kb ask``: one question, one answer with footnotes."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import typer

from ui.commands.doors import asked_at
from ui.commands.filters import AsOf, Collections, Now, Since, Sources, Until, Without, asked_for
from ui.commands.options import AsJson, Debug, Home, Model, Quiet, Server, ShowUnsupported
from ui.commands.question import Question, read_question
from ui.commands.speech import print_json, remark, remark_chips
from ui.terminal import Flow, console, print_footnotes
from ui.wire import answer_json, dumps

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb import Answer, Conversation, KnowledgeBase

__all__ = ["REFUSED", "answer_aloud", "ask"]

REFUSED = 3


def ask(
    ctx: typer.Context,
    question: Question,
    source: Sources = None,
    collection: Collections = None,
    since: Since = None,
    until: Until = None,
    now: Now = None,
    as_of: AsOf = None,
    without: Without = None,
    home: Home = None,
    server: Server = None,
    model: Model = None,
    show_unsupported: ShowUnsupported = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Answer a question from the articles, with a footnote under every sentence.

    Each sentence is checked against what it cites before it is shown. Where the
    articles do not answer, that is said, and nothing is cited. Sources and days
    that the question names go first; they are told, and --without takes one back.

    [bold]Examples[/bold]

      kb ask "When did Luna-25 crash?"

      kb ask "What did the wire say last week?" --source "Sample Wire" --now 2024-08-21

      echo "Who bought Silicon Valley Bank?" | kb ask - --model quotes --json

    Exit codes: 0 answered, 1 an error, 2 wrong usage, 3 refused: the articles do not answer it.
    """
    from kb import Conversation

    asked = read_question(question)
    options = asked_for(source, since, until, now, as_of, without, collection)
    with asked_at(
        ctx, home, server, quiet=quiet, model=model, show_unsupported=show_unsupported or None
    ) as knowledge_base:
        if as_json:
            answer = knowledge_base.ask(asked, **options)
            print_json(dumps(answer_json(answer)))
            chips = knowledge_base.chips(asked, now=now or as_of, without=options["without"] or ())
            remark_chips(chips, quiet=quiet)
            remark(answer.notes, quiet=quiet)
        else:
            answer = answer_aloud(knowledge_base, asked, Conversation(), quiet=quiet, **options)
    if answer.refusal is not None:
        raise typer.Exit(REFUSED)


def answer_aloud(
    knowledge_base: KnowledgeBase,
    question: str,
    conversation: Conversation,
    *,
    quiet: bool,
    **options: Any,
) -> Answer:
    """Print an answer as it is written, then its footnotes, and return it.

    Interrupted, it stops the model before the interrupt goes on.

    Args:
        options: More that ``KnowledgeBase.stream`` takes.
    """
    from kb import Delta, Found

    out = console()
    flow = Flow(_written, out.width if out.is_terminal else None)
    stream = knowledge_base.stream(question, conversation, **options)
    with closing(stream) as events, _waiting(quiet) as wait:
        for event in events:
            if isinstance(event, Found):
                remark_chips(event.chips, quiet=quiet)
                wait(f"reading {len(event.hits)} passages")
            elif isinstance(event, Delta):
                if event.text:
                    wait("")
                    if event.short:
                        flow.feed(f"{event.short}\n\n")
                    flow.feed(event.text)
            else:
                wait("")
                told = {note for answer in conversation.answers for note in answer.notes}
                _print_end(event, flow, told, quiet=quiet)
                return event
    raise AssertionError("a stream ended without an answer")


def _written(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _print_end(answer: Answer, flow: Flow, told: Container[str], *, quiet: bool) -> None:
    """Print what comes after the last words: the refusal or the footnotes, then new remarks."""
    out = console()
    if answer.refusal is not None:
        flow.fresh_line()
        flow.feed(answer.text)
    flow.feed("\n\n" if answer.citations else "\n")
    print_footnotes(answer, out)
    if answer.standalone and answer.standalone != answer.question:
        remark([f"understood as: {answer.standalone}"], quiet=quiet)
    remark((note for note in answer.notes if note not in told), quiet=quiet)
    seconds = answer.timings.get("total_ms", 0) / 1000
    remark([f"{answer.model}, {seconds:.1f} s"], quiet=quiet)


@contextmanager
def _waiting(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that shows on a terminal what is being waited for; "" shows nothing more."""
    shown = console(stderr=True)
    if quiet or not shown.is_terminal:
        yield lambda _: None
        return
    with shown.status("searching") as status:

        def wait(what: str) -> None:
            if what:
                status.update(what)
            else:
                status.stop()

        yield wait
