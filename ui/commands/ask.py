"""``kb ask``: one question, one answer with footnotes."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import typer

from ui.commands.doors import doors
from ui.commands.options import AsJson, Debug, Home, Model, Quiet
from ui.commands.question import Question, read_question
from ui.commands.speech import print_json, remark
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
    home: Home = None,
    model: Model = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Answer a question from the articles, with a footnote under every sentence.

    Each sentence is checked against what it cites before it is shown. Where the
    articles do not answer, that is said, and nothing is cited.

    [bold]Examples[/bold]

      kb ask "When did Luna-25 crash?"

      echo "Who bought Silicon Valley Bank?" | kb ask - --model quotes --json

    Exit codes: 0 answered, 1 an error, 2 wrong usage, 3 refused: the articles do not answer it.
    """
    from kb import Conversation

    asked = read_question(question)
    with doors(ctx).open(home, model=model, create=False) as knowledge_base:
        if as_json:
            answer = knowledge_base.ask(asked)
            print_json(dumps(answer_json(answer)))
            remark(answer.notes, quiet=quiet)
        else:
            answer = answer_aloud(knowledge_base, asked, Conversation(), quiet=quiet)
    if answer.refusal is not None:
        raise typer.Exit(REFUSED)


def answer_aloud(
    knowledge_base: KnowledgeBase, question: str, conversation: Conversation, *, quiet: bool
) -> Answer:
    """Print an answer as it is written, then its footnotes, and return it.

    Interrupted, it stops the model before the interrupt goes on.
    """
    from kb import Delta, Found

    out = console()
    flow = Flow(_written, out.width if out.is_terminal else None)
    with closing(knowledge_base.stream(question, conversation)) as events, _waiting(quiet) as wait:
        for event in events:
            if isinstance(event, Found):
                wait(f"reading {len(event.hits)} passages")
            elif isinstance(event, Delta):
                if event.text:
                    wait("")
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
