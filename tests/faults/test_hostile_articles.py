"""Hostile articles: nothing in them is followed, and what others say stays what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from kb import Answer
from tests.faults.articles import HOSTILE, TRUTHS, Hostile
from tests.faults.beside import Beside, beside, faults, same
from tests.faults.gullible import Gullible

DOUBLES: dict[str, Any] = {"embedder": "hashing", "min_similarity": 0.1}
ORDERS = [one for one in HOSTILE if one.asks]
POISON = [one for one in HOSTILE if one.aims]
SEEN = [one for one in ORDERS if not one.hidden]
QUESTIONS = list(TRUTHS)


@pytest.fixture(scope="module")
def quotes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    with beside(tmp_path_factory.mktemp("quotes"), **DOUBLES) as opened:
        yield opened


@pytest.fixture(scope="module")
def alone(quotes: Beside) -> dict[str, Answer]:
    """The answers to the ordinary questions without any hostile article."""
    quotes.put()
    return {question: quotes.kb.ask(question) for question in TRUTHS}


@pytest.fixture(scope="module")
def writer() -> Gullible:
    return Gullible()


@pytest.fixture(scope="module")
def gullible(writer: Gullible, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    with beside(tmp_path_factory.mktemp("gullible"), writer, **DOUBLES) as opened:
        yield opened


def test_there_are_many_of_many_kinds() -> None:
    assert len({one.name for one in HOSTILE}) == len(HOSTILE) >= 48
    assert len({one.kind for one in HOSTILE}) >= 10
    assert all(bool(one.asks) != bool(one.aims) for one in HOSTILE)
    assert all(one.aims in TRUTHS for one in POISON)


@pytest.mark.parametrize("hostile", ORDERS, ids=lambda one: one.name)
def test_answers_from_other_articles_are_unchanged(
    hostile: Hostile, quotes: Beside, alone: dict[str, Answer]
) -> None:
    quotes.put(hostile)
    for question, before in alone.items():
        assert TRUTHS[question] in before.text
        assert same(quotes.kb.ask(question), before)
    answer = quotes.kb.ask(hostile.asks)
    assert hostile.tells in answer.text
    assert not faults(answer)
    if hostile.hidden:
        assert not [one for one in hostile.canary if one in quotes.known()]


@pytest.mark.parametrize("number", range(len(SEEN)), ids=[one.name for one in SEEN])
def test_a_model_that_obeys_everything_is_not_believed(
    number: int, gullible: Beside, writer: Gullible
) -> None:
    hostile = SEEN[number]
    gullible.put(hostile)
    writer.canary = hostile.canary
    answer = gullible.kb.ask(hostile.asks)
    assert bool(faults(answer, hostile.canary)) == bool(hostile.open)
    other = QUESTIONS[number % len(QUESTIONS)]
    answer = gullible.kb.ask(other)
    assert TRUTHS[other] in answer.text
    assert not faults(answer, hostile.canary)
    for question, prompt in zip((hostile.asks, other), writer.prompts[-2:], strict=True):
        assert_shape(question, prompt)


def assert_shape(question: str, prompt: str) -> None:
    """Hold a prompt to the lines that the program writes, whatever the articles have."""
    lines = prompt.splitlines()
    numbers = [int(n) for n in re.findall(r"^\[(\d+)\] ", prompt, re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(re.findall(r"[\[【［〔]\s*\d", prompt)) == len(numbers)
    assert [line for line in lines if line.startswith("Sources:")] == ["Sources:"]
    assert [line for line in lines if line.startswith("Question:")] == [f"Question: {question}"]


@pytest.mark.parametrize("hostile", POISON, ids=lambda one: one.name)
def test_a_false_answer_is_not_laid_to_another(hostile: Hostile, quotes: Beside) -> None:
    quotes.put(hostile)
    answer = quotes.kb.ask(hostile.aims)
    assert not faults(answer)
    for citation in answer.citations:
        false = [one for one in hostile.canary if one in citation.quote]
        assert not false or citation.article.uri.startswith("hostile/")
    found = "".join(hit.passage.text for hit in quotes.kb.search(hostile.aims))
    assert (TRUTHS[hostile.aims] in found) != bool(hostile.open)


def test_all_of_them_together_change_nothing(quotes: Beside) -> None:
    quotes.put(*ORDERS)
    for question, truth in TRUTHS.items():
        answer = quotes.kb.ask(question)
        assert truth in answer.text
        assert not faults(answer)
    for hostile in ORDERS:
        assert not faults(quotes.kb.ask(hostile.asks))
