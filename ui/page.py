"""The page in Gradio's Blocks: what stands where, and which event calls what.

This module imports Gradio, which takes seconds: only ``ui.app`` imports it, and only to serve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from kb.access import Scope as Right
from kb.errors import KBError
from ui import render
from ui.chat import Chat
from ui.gate import caller_of
from ui.passages import sendable
from ui.protocols import Library
from ui.scope_box import ScopeBox, chosen
from ui.turns import Session, Shown
from ui.under import suggestions
from ui.warm_up import WarmUp

__all__ = ["Page"]

CONVERSATION = "c"
"""What the address of the page names a stored conversation by."""

# A press of a chip, by the mouse or a key, is a click that says which; ``edit.js`` tells of a
# question that was edited.
_TELL = """
element.addEventListener("click", (event) => {
  const chip = event.target.closest("button[data-chip]");
  if (chip) trigger("click", { chip: chip.dataset.chip });
});
element.addEventListener("fn-edit", (event) => trigger("edit", { question: event.detail }));
"""

# Likewise a press of a suggestion. By a key, the place to write in is next; a finger would be shown
# a keyboard for it.
_TELL_OF_SUGGESTIONS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ask]");
  if (!button) return;
  trigger("click", { ask: button.dataset.ask });
  if (event.detail === 0) document.querySelector("#fn-box textarea")?.focus();
});
"""

# Every event: closed to other clients, and no veil over what is being read.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


class Page:
    """The components and what happens to them.

    Args:
        examples: Questions offered while there is no conversation.
        read_sample: Begins to read the sample articles, which an empty home offers.
    """

    def __init__(
        self,
        library: Library,
        chat: Chat,
        warm_up: WarmUp,
        examples: Sequence[str],
        read_sample: Callable[[], object] | None = None,
    ) -> None:
        self._library = library
        self._read_sample = read_sample
        self._chat = chat
        self._warm_up = warm_up
        with gr.Blocks(title="Footnoted", analytics_enabled=False, fill_width=True) as self.blocks:
            self._session = gr.State(Session())
            with gr.Column(elem_id="fn-page"):
                self._masthead = gr.HTML(elem_id="fn-masthead", apply_default_css=False)
                with gr.Row(elem_id="fn-desk"):
                    gr.HTML(render.SHELF, elem_id="fn-shelf", apply_default_css=False)
                    with gr.Column(elem_id="fn-conversation"):
                        self._lay_out_conversation(examples)
                        self._lay_out_composer()
                    gr.HTML(render.PANEL, elem_id="fn-panel", apply_default_css=False)
            self._wire()
        # One visitor's long answer must not keep the others waiting.
        self.blocks.queue(default_concurrency_limit=8)

    def _lay_out_conversation(self, examples: Sequence[str]) -> None:
        with gr.Column(elem_id="fn-scroll"):
            with gr.Column(elem_id="fn-welcome") as self._welcome:
                gr.HTML(render.WELCOME, apply_default_css=False)
                with gr.Column(visible=False) as self._empty:
                    gr.HTML(render.EMPTY, apply_default_css=False)
                    self._sample = gr.Button(
                        "Read the sample articles",
                        elem_classes="fn-example",
                        visible=self._read_sample is not None,
                    )
                self._offers = [
                    gr.Button(sendable(text), elem_classes="fn-example") for text in examples
                ]
            self._past = gr.HTML(elem_id="fn-past", apply_default_css=False)
            with gr.Column(elem_id="fn-newest"):
                self._current = gr.HTML(
                    elem_id="fn-current", apply_default_css=False, js_on_load=_TELL
                )
                self._next = gr.HTML(
                    elem_id="fn-next", apply_default_css=False, js_on_load=_TELL_OF_SUGGESTIONS
                )

    def _lay_out_composer(self) -> None:
        self._scope = ScopeBox(self._library)
        with gr.Row(elem_id="fn-composer"):
            self._box = gr.Textbox(
                elem_id="fn-box",
                label="Question",
                show_label=False,
                container=False,
                placeholder="Ask the articles…",
                autofocus=True,
                lines=1,
                max_lines=6,
            )
            self._send = gr.Button("Ask", elem_id="fn-send")
            self._halt = gr.Button("Stop", elem_id="fn-halt", visible=False)

    def _wire(self) -> None:
        outputs = [
            self._masthead,
            self._session,
            self._past,
            self._current,
            self._next,
            self._box,
            self._welcome,
            self._send,
            self._halt,
        ]
        scope = self._scope.inputs
        asked = [
            gr.on(
                [self._box.submit, self._send.click],
                self._ask,
                [self._box, self._session, *scope],
                outputs,
                **_QUIET,
            ),
            *(
                offer.click(self._ask, [offer, self._session, *scope], outputs, **_QUIET)
                for offer in self._offers
            ),
            self._next.click(self._ask_suggested, [self._session, *scope], outputs, **_QUIET),
            self._current.click(self._ask_again, self._session, outputs, **_QUIET),
            self._current.edit(self._edit, self._session, outputs, **_QUIET),
            self.blocks.load(self._open, None, outputs, **_QUIET),
        ]
        for one in asked:  # the answer does not wait for it
            one.then(self._suggest, self._session, self._next, **_QUIET)
        self._scope.wire(**_QUIET)
        # Not to wait behind the answers that it is to stop.
        self._halt.click(self._stop, concurrency_limit=None, **_QUIET)
        beat = gr.Timer(1.0, active=False)
        head = [self._masthead, self._empty, beat]
        beat.tick(self._report, None, head, **_QUIET)
        self.blocks.load(self._report, None, head, **_QUIET)
        self._sample.click(self._begin_sample, None, head, **_QUIET)
        self.blocks.load(self._scope.choices, None, self._scope.known, **_QUIET)
        self.blocks.unload(self._stop)

    def _open(self, request: gr.Request) -> dict[Any, Any]:
        """Show the stored conversation that the address names, if it names one."""
        id = request.query_params.get(CONVERSATION, "")
        if not id:
            return {self._welcome: gr.update(visible=True)}
        try:
            session = self._chat.opened(id, _who(request))
        except KBError as error:
            return {self._past: render.notices([str(error)])}
        return {
            self._session: session,
            self._past: "".join(session.pages[:-1]),
            self._current: session.newest,
            self._welcome: gr.update(visible=not session.pages),
        }

    def _ask(
        self,
        question: str,
        session: Session,
        sources: list[str] | None,
        since: str | None,
        until: str | None,
        collections: list[str] | None,
        model: str | None,
        request: gr.Request,
    ) -> Iterator[dict[Any, Any]]:
        choice = chosen(sources, since, until, collections, model)
        states = self._chat.ask(question, session, request.session_hash, _who(request), choice)
        yield from self._states(states, session.pages, {self._box: ""}, request)

    def _ask_suggested(
        self,
        session: Session,
        sources: list[str] | None,
        since: str | None,
        until: str | None,
        collections: list[str] | None,
        model: str | None,
        press: gr.EventData,
        request: gr.Request,
    ) -> Iterator[dict[Any, Any]]:
        scope = (sources, since, until, collections, model)
        yield from self._ask(str(press.ask), session, *scope, request)

    def _suggest(self, session: Session) -> str:
        return suggestions(self._chat.suggested(session))

    def _ask_again(
        self, session: Session, press: gr.EventData, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        states = self._chat.ask_again(str(press.chip), session, request.session_hash, _who(request))
        yield from self._states(states, session.pages[:-1], {}, request)

    def _edit(
        self, session: Session, sent: gr.EventData, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        states = self._chat.edit(str(sent.question), session, request.session_hash, _who(request))
        yield from self._states(states, session.pages[:-1], {}, request)

    def _states(
        self,
        states: Iterator[Shown],
        pages: Sequence[str],
        first: dict[Any, Any],
        request: gr.Request,
    ) -> Iterator[dict[Any, Any]]:
        first = {
            **first,
            self._past: "".join(pages),
            self._next: "",
            self._welcome: gr.update(visible=False),
            self._send: gr.update(visible=False),
            self._halt: gr.update(visible=True),
        }
        for shown in states:
            last = self._over(shown.session, request) if shown.session else {}
            yield {**first, self._current: shown.turn, **last}
            first = {}

    def _over(self, session: Session, request: gr.Request) -> dict[Any, Any]:
        return {
            self._masthead: self._report(request)[0],
            self._session: session,
            self._send: gr.update(visible=True),
            self._halt: gr.update(visible=False),
        }

    def _stop(self, request: gr.Request) -> None:
        self._chat.stop(request.session_hash)

    def _begin_sample(self, request: gr.Request) -> tuple[str, Any, Any]:
        if self._read_sample and caller_of(request.request).scope >= Right.WRITE:
            self._read_sample()
        masthead, _, _ = self._report(request)
        return masthead, gr.update(visible=False), gr.Timer(active=True)

    def _report(self, request: gr.Request) -> tuple[str, Any, Any]:
        busy, notes, articles, model = self._warm_up.busy, [self._warm_up.problem], 0, ""
        syncing = False
        try:
            status = self._library.status()
        except KBError as error:
            # The head of the page is no reason to lose an answer.
            notes.append(str(error))
        else:
            articles, model, syncing = status.articles, status.model, status.syncing
            notes.extend(status.notes)
        masthead = render.masthead(
            articles=articles,
            model=model,
            busy=busy,
            syncing=syncing,
            user=_who(request),
            notes=[note for note in notes if note],
        )
        # Articles may still be coming in; later on the head is renewed with each answer.
        empty = gr.update(visible=not articles and not syncing)
        return masthead, empty, gr.Timer(active=busy or syncing or not articles)


def _who(request: gr.Request) -> str:
    """Return the name of who has signed in; empty where nobody does."""
    return caller_of(request.request).name
