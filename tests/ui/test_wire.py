"""The JSON contracts: each key of the design's examples, the right types, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Hit, Passage
from kb.answer import Answer, Citation, Refusal, Sentence, Verdict
from tests.ui.cli_doubles import LUNA, answered, refused, reported
from ui.commands.checks import Check, State
from ui.wire import (
    answer_json,
    article_json,
    articles_json,
    checks_json,
    dumps,
    hits_json,
    models_json,
    status_json,
    sync_json,
)

NONE = type(None)
NUMBER = (int, float)
REFERENCE: dict[str, Any] = {
    "id": str,
    "uri": str,
    "title": str,
    "source": (str, NONE),
    "author": (str, NONE),
    "published_at": (str, NONE),
    "url": (str, NONE),
}
ANSWER: dict[str, Any] = {
    "question": str,
    "standalone": str,
    "text": str,
    "refusal": (str, NONE),
    "model": str,
    "sentences": [{"text": str, "citations": [int], "verdict": str, "score": NUMBER}],
    "citations": [
        {
            "number": int,
            "quote": str,
            "start": int,
            "end": int,
            "score": NUMBER,
            "passage_id": str,
            "article": REFERENCE,
        }
    ],
    "timings": {"search_ms": NUMBER, "first_token_ms": NUMBER, "total_ms": NUMBER},
    "notes": [str],
}
HITS: dict[str, Any] = {
    "question": str,
    "hits": [
        {
            "passage_id": str,
            "article": REFERENCE,
            "start": int,
            "end": int,
            "text": str,
            "heading": (str, NONE),
            "score": NUMBER,
            "similarity": NUMBER,
        }
    ],
    "timings": {"search_ms": NUMBER},
}
SYNC: dict[str, Any] = {
    "added": [str],
    "updated": [str],
    "removed": [str],
    "kept": int,
    "skipped": [{"uri": str, "reason": str}],
    "passages": int,
    "seconds": NUMBER,
    "dry_run": bool,
}


def fits(value: Any, contract: Any) -> bool:
    """Has the value exactly the keys of the contract, and values of its types?"""
    if isinstance(contract, dict):
        same_keys = isinstance(value, dict) and set(value) == set(contract)
        return same_keys and all(fits(value[key], contract[key]) for key in contract)
    if isinstance(contract, list):
        return isinstance(value, list) and all(fits(each, contract[0]) for each in value)
    return isinstance(value, contract) and (contract is bool or not isinstance(value, bool))


def there_and_back(contract: dict[str, Any]) -> Any:
    """Return what a reader of the bytes on the wire gets."""
    return json.loads(dumps(contract).encode("utf-8"))


def test_an_answer_has_every_key_of_the_design_with_the_right_types() -> None:
    wire = there_and_back(answer_json(answered("When?")))
    assert fits(wire, ANSWER)
    assert wire["refusal"] is None
    assert wire["sentences"][0]["verdict"] == "supported"
    assert wire["timings"] == {"search_ms": 31, "first_token_ms": 2900, "total_ms": 5201}


def test_the_quote_is_the_slice_of_the_article() -> None:
    (citation,) = there_and_back(answer_json(answered("When?")))["citations"]
    article = there_and_back(article_json(LUNA))
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert citation["article"] == {key: article[key] for key in REFERENCE}


def test_a_refusal_has_the_same_keys_and_no_citations() -> None:
    wire = there_and_back(answer_json(refused("What is love?")))
    assert fits({**wire, "timings": ANSWER["timings"]}, {**ANSWER, "timings": dict})
    assert wire["refusal"] == "no_evidence"
    assert wire["citations"] == []
    assert wire["text"]


def test_the_standalone_question_is_the_question_where_nothing_was_rewritten() -> None:
    assert answer_json(answered("When?"))["standalone"] == "When?"
    follow_up = answered("And why?", standalone="Why did Luna-25 crash?")
    assert answer_json(follow_up)["standalone"] == "Why did Luna-25 crash?"


def test_hits_have_every_key_of_the_design_with_the_right_types() -> None:
    hit = Hit(Passage("p1", "a1", 2, 6, LUNA.text[2:6], "Heading"), LUNA, 1, 0.5)
    wire = there_and_back(hits_json("When?", [hit], 12.6))
    assert fits(wire, HITS)
    assert wire["timings"] == {"search_ms": 13}
    assert wire["hits"][0]["text"] == LUNA.text[2:6]


def test_a_sync_report_has_every_key_of_the_design_with_the_right_types() -> None:
    skipped = (SimpleNamespace(uri="bad.md", reason="not UTF-8"),)
    report = SimpleNamespace(**reported(skipped=skipped, dry_run=True))
    wire = there_and_back(sync_json(cast("Any", report)))
    assert fits(wire, SYNC)
    assert wire["skipped"] == [{"uri": "bad.md", "reason": "not UTF-8"}]


def test_articles_come_without_their_texts_and_one_article_with_it() -> None:
    assert fits(there_and_back(articles_json([LUNA])), {"articles": [REFERENCE]})
    assert fits(there_and_back(article_json(LUNA)), {**REFERENCE, "text": str})


def test_the_status_names_its_home_as_text() -> None:
    status = SimpleNamespace(
        home=Path("some") / "home",
        articles=1,
        passages=2,
        revision=3,
        embedder="hashing",
        model="quotes",
        notes=("one",),
    )
    wire = there_and_back(status_json(cast("Any", status)))
    assert wire["home"] == str(Path("some") / "home")
    assert wire["notes"] == ["one"]


def test_a_doctor_is_not_ok_only_if_something_failed() -> None:
    warned = [Check("a", State.OK, "fine"), Check("b", State.WARN, "hm", "look")]
    assert there_and_back(checks_json(warned, None))["ok"] is True
    failed = there_and_back(checks_json([*warned, Check("c", State.FAIL, "no", "do")], None))
    assert failed["ok"] is False
    assert failed["checks"][2] == {"name": "c", "state": "fail", "detail": "no", "remedy": "do"}


def test_a_model_file_says_what_was_found_where_it_is_wrong() -> None:
    weights = SimpleNamespace(name="m", size=7, sha256="00", licence="Apache-2.0")
    status = SimpleNamespace(weights=weights, path=Path("m.gguf"), state="wrong size", found="3")
    (wire,) = there_and_back(models_json([cast("Any", status)]))["models"]
    assert (wire["state"], wire["found"], wire["size"]) == ("wrong size", "3", 7)


@pytest.mark.parametrize("character", ["\x1b", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"])
def test_what_a_terminal_obeys_is_escaped_and_comes_back(character: str) -> None:
    text = dumps({"text": f"a{character}b"})
    assert character not in text
    assert json.loads(text) == {"text": f"a{character}b"}


def test_other_characters_are_written_as_they_are() -> None:
    assert "Київ 🌍 „“" in dumps({"text": "Київ 🌍 „“"})


@given(st.dictionaries(st.text(), st.text()))
def test_any_text_survives_the_wire(contract: dict[str, str]) -> None:
    assert there_and_back(contract) == contract


def test_lone_surrogates_have_bytes_on_the_wire() -> None:
    assert there_and_back({"text": "a\udcff\ud83db"}) == {"text": "a\udcff\ud83db"}


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Draw an answer that cites any characters of any text."""
    text = draw(st.text(min_size=1, max_size=60))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    article = Article(id="a", uri=draw(st.text()), title=draw(st.text()), text=text)
    score = draw(st.floats(-1, 1))
    return Answer(
        question=draw(st.text()),
        text=draw(st.text()),
        model=draw(st.text()),
        sentences=(Sentence(draw(st.text()), (1,), draw(st.sampled_from(Verdict)), score),),
        citations=(Citation(1, article, "p", start, end, score),),
        timings={"search_ms": 1.0, "first_token_ms": 2.0, "total_ms": 3.0},
    )


@given(answers())
def test_every_answer_keeps_the_contract_and_its_exact_quotes(answer: Answer) -> None:
    wire = there_and_back(answer_json(answer))
    assert fits(wire, ANSWER)
    (citation,) = wire["citations"]
    cited = answer.citations[0].article.text
    assert citation["quote"] == cited[citation["start"] : citation["end"]]
    assert wire["text"] == answer.text


def test_every_kind_of_refusal_has_its_word() -> None:
    words = {answer_json(Answer("q", "t", "m", refusal=kind))["refusal"] for kind in Refusal}
    assert words == {"no_evidence", "model_declined", "unsupported"}
