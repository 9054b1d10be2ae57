"""The JSON contracts: each key of the design's examples, the right types, nothing lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Hit, Passage
from index.sources.document import Skipped
from index.sync import SyncReport
from index.understand import Chip
from kb.answer import Answer, Citation, Refusal, Sentence, Verdict
from tests.ui.cli_doubles import LUNA, answered, refused, reported
from ui.wire import (
    answer_json,
    article_json,
    articles_json,
    dumps,
    excluded_json,
    hits_json,
    line,
    record_json,
    removed_json,
    status_json,
    stories_json,
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
    "language": (str, NONE),
}
CITATION: dict[str, Any] = {
    "number": int,
    "quote": str,
    "start": int,
    "end": int,
    "score": NUMBER,
    "page": (int, NONE),
    "passage_id": str,
    "article": REFERENCE,
}
ANSWER: dict[str, Any] = {
    "question": str,
    "standalone": str,
    "text": str,
    "short": (str, NONE),
    "refusal": (str, NONE),
    "model": str,
    "sentences": [{"text": str, "citations": [int], "verdict": str, "score": NUMBER}],
    "citations": [CITATION],
    "conflicts": [{"kind": str, "citations": [int], "superseded": bool, "text": str}],
    "nearest": [CITATION],
    "timings": {"search_ms": NUMBER, "first_token_ms": NUMBER, "total_ms": NUMBER},
    "usage": {},
    "confidence": (float, NONE),
    "notes": [str],
    "scope": {
        "sources": [str],
        "collections": [str],
        "since": (str, NONE),
        "until": (str, NONE),
        "now": (str, NONE),
        "without": [str],
    },
    "chips": [{"kind": str, "value": str, "label": str, "start": int, "end": int}],
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
            "page": (int, NONE),
            "score": NUMBER,
            "similarity": NUMBER,
            "copies": [REFERENCE],
        }
    ],
    "chips": [{"kind": str, "value": str, "label": str, "start": int, "end": int}],
    "timings": {"search_ms": NUMBER},
}
SYNC: dict[str, Any] = {
    "added": [str],
    "updated": [str],
    "moved": [{"from": str, "to": str}],
    "removed": [str],
    "kept": int,
    "skipped": [{"uri": str, "reason": str}],
    "passages": int,
    "seconds": NUMBER,
    "dry_run": bool,
    "stopped": bool,
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
    assert (wire["refusal"], wire["sentences"][0]["verdict"]) == (None, "supported")
    assert wire["timings"] == {"search_ms": 31.4, "first_token_ms": 2900.2, "total_ms": 5200.9}


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
    hit = Hit(Passage("p1", "a1", 2, 6, LUNA.text[2:6], "Heading"), LUNA, 1, 0.5, (LUNA,))
    chip = Chip("source", "Reuters", "from: Reuters", 2, 9)
    wire = there_and_back(hits_json("When?", [hit], 12.6, [chip]))
    assert fits(wire, HITS)
    assert wire["chips"][0]["kind"] == "source"
    shares = {"words": 1.5, "source": -0.25}
    explained = there_and_back(hits_json("When?", [replace(hit, signals=tuple(shares.items()))], 1))
    assert explained["hits"] == [{**wire["hits"][0], "signals": shares}]
    assert explained["chips"] == []
    assert wire["timings"] == {"search_ms": 13}
    assert wire["hits"][0]["text"] == LUNA.text[2:6]


def test_a_sync_report_has_every_key_of_the_design_with_the_right_types() -> None:
    skipped = (Skipped("bad.md", "not UTF-8"),)
    report = SyncReport(**reported(skipped=skipped, moved=(("a", "b"),), dry_run=True))
    wire = there_and_back(sync_json(report))
    assert fits(wire, SYNC)
    assert wire["skipped"] == [{"uri": "bad.md", "reason": "not UTF-8"}]
    assert wire["moved"] == [{"from": "a", "to": "b"}]


def test_articles_come_without_their_texts_and_one_article_with_it() -> None:
    assert fits(there_and_back(articles_json([LUNA])), {"articles": [REFERENCE]})
    more = {"text": str, "pages": [int], "origins": {"title": str, "published_at": str}}
    assert fits(there_and_back(article_json(LUNA)), {**REFERENCE, **more})


def test_removed_articles_and_copies_keep_the_reference() -> None:
    assert fits(there_and_back(removed_json([LUNA])), {"removed": [REFERENCE]})
    story = {"articles": [{**REFERENCE, "similarity": NUMBER}]}
    assert fits(there_and_back(stories_json([[(LUNA, 1), (LUNA, 0.5)]])), {"stories": [story]})
    assert excluded_json("readmitted", {"a": "u"}) == {"readmitted": [{"id": "a", "uri": "u"}]}


@given(st.text(), st.text())
def test_a_record_is_one_line_whatever_is_in_it(title: str, text: str) -> None:
    article = Article(id="a", uri="u", title=title, text=text, source="S")
    written = line(record_json(article))
    assert len(written.splitlines()) == 1
    assert json.loads(written) == {
        "id": "a",
        "title": title,
        "text": text,
        "metadata": {"source": "S"},
    }


def test_the_status_names_its_home_as_text() -> None:
    status = SimpleNamespace(
        home=Path("some") / "home",
        articles=1,
        passages=2,
        revision=3,
        index="whole",
        embedder="hashing",
        model="quotes",
        notes=("one",),
    )
    wire = there_and_back(status_json(cast("Any", status)))
    assert wire["home"] == str(Path("some") / "home")
    assert wire["notes"] == ["one"]


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
