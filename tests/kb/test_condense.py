"""Which questions lean on the conversation, and what they are understood as."""

from __future__ import annotations

import pytest

from kb.answer import Answer, Refusal
from kb.condense import condense, focus
from kb.conversation import Conversation


def after(*questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        standalone = condense(question, conversation)
        answer = Answer(question, "…", "m", refusal=Refusal.NO_EVIDENCE, standalone=standalone)
        conversation = conversation.and_then(answer)
    return conversation


FIRST = "When did Luna-25 take off?"


@pytest.mark.parametrize(
    "question",
    ["and when was that?", "From where?", "What did it carry?", "How about Chandrayaan-3?", "why?"],
)
def test_what_leans_comes_back_behind_what_it_leans_on(question: str) -> None:
    standalone = condense(question, after(FIRST))
    assert standalone == f"When did Luna-25 take off — {question}"
    assert focus(standalone) == question


@pytest.mark.parametrize(
    "question",
    [
        "Who became chairman of OpenAI?",
        "Which countries signed the declaration on artificial minds?",
    ],
)
def test_what_stands_alone_comes_back_as_it_is(question: str) -> None:
    assert condense(question, after(FIRST)) == question == focus(question)


def test_nothing_leans_on_nothing() -> None:
    assert condense("and when was that?", Conversation()) == "and when was that?"


def test_a_chain_keeps_its_subject_and_does_not_grow() -> None:
    conversation = after(FIRST, "From where?", "and then?", "What did it carry?")
    standalone = condense("Did it fail?", conversation)
    assert standalone == "When did Luna-25 take off — What did it carry — Did it fail?"
    long = after("x" * 4000, "and y" + "y" * 3000)
    assert len(condense("why?", long)) < 700
