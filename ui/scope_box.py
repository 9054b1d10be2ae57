"""The folded choices over the question: which articles are asked, and who answers."""

from __future__ import annotations

from typing import Any

import gradio as gr

from kb.errors import KBError
from kb.scope import Scope
from ui.protocols import Library
from ui.turns import Chosen

__all__ = ["ScopeBox", "chosen"]


class ScopeBox:
    """The components; made where they stand.

    Attributes:
        inputs: What ``chosen`` takes, in its order.
        known: Those whose choices ``choices`` gives.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._box = gr.Accordion("All articles", open=False, elem_id="fn-scope")
        with self._box, gr.Row():
            sources = gr.Dropdown([], label="Sources", multiselect=True, scale=2)
            since = gr.Textbox(label="From", placeholder="2024-08-01")
            until = gr.Textbox(label="To", placeholder="2024-08-31")
        with self._box, gr.Row():
            collections = gr.Dropdown([], label="Collections", multiselect=True, scale=2)
            models = _models(library)
            model = gr.Dropdown(models, label="Answered by", elem_id="fn-model", scale=2)
        self.inputs = [sources, since, until, collections, model]
        self.known = [sources, collections]

    def wire(self, **event: Any) -> None:
        """Say above the choices what is chosen, also while they are folded."""
        changes = [one.change for one in self.inputs]
        gr.on(changes, _title, self.inputs, self._box, **event)

    def choices(self) -> tuple[Any, Any]:
        """Return what there is to choose from."""
        try:
            sources = sorted(self._library.sources(), key=str.casefold)
            collections = [one.name for one in self._library.collections()]
        except KBError:  # the head of the page says what is wrong
            return gr.update(), gr.update()
        return gr.update(choices=sources), gr.update(choices=collections)


def chosen(
    sources: list[str] | None,
    since: str | None,
    until: str | None,
    collections: list[str] | None,
    model: str | None,
) -> Chosen:
    """Return what is chosen; of boxes that were never unfolded nothing comes."""
    since, until = ((day or "").strip() or None for day in (since, until))
    scope = Scope(tuple(sources or ()), tuple(collections or ()), since, until)
    return Chosen(scope, model or None)


def _title(*values: Any) -> Any:
    choice = chosen(*values)
    told = choice.scope.labels or ("All articles",)
    if choice.model:
        told = (*told, f"by {choice.model}")
    return gr.update(label=" · ".join(told))


def _models(library: Library) -> list[tuple[str, str]]:
    """Return what a question may be answered by, each with what it means; "" is what is set."""
    names = [f"{one.name}: {one.told}" if one.told else one.name for one in library.models()]
    values = ["", *(one.name for one in library.models()[1:])]
    return list(zip(names, values, strict=True))
