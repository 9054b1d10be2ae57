"""What every verifier promises, held against each that is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import open_knowledge_base
from kb.answer import Verdict
from kb.errors import ModelError
from kb.protocols import Verifier
from kb.verifiers import open_verifier
from tests.contracts.scripted_verifier import ScriptedVerifier
from tests.contracts.tiny_cross_encoder import save_tiny_cross_encoder

LABELS = ("contradiction", "entailment", "neutral")
CONTEXT = "The bridge (Sample Post) 5 March 2024\nJan Dohnal is the mayor. The bridge was closed."
COPIES = [
    "The bridge was not closed on Monday.",
    "Die Brücke wurde am 3. Mai gesperrt.",
    "大桥在星期一关闭。",
    "Ελλάδα \u202e reversed \u0301\u0301 \U0001f9a6 \x00 ﷽",
    "One of very many sentences about otters " * 500,
]
DIFFERENT = [
    ("12 otters swim in the river Odra.", "1,200 otters swim in the river Odra."),
    ("Putin opened the bridge.", "Scholz opened the bridge."),
    ("The bridge was closed.", "The bridge was not closed."),
    ("The bridge was closed on Friday.", "The bridge was closed on Monday."),
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_cross_encoder(tmp_path_factory.mktemp("tiny"), names=LABELS)


@pytest.fixture(scope="module", params=["words", "nli", "scripted"])
def verifier(request: pytest.FixtureRequest, tiny: Path) -> Verifier:
    if request.param == "scripted":
        return ScriptedVerifier({})
    return open_verifier(f"nli:{tiny}" if request.param == "nli" else request.param)


@pytest.mark.parametrize("sentence", COPIES)
def test_a_copy_is_always_carried(verifier: Verifier, sentence: str) -> None:
    assert verifier.verify(sentence, sentence, CONTEXT)[0] is Verdict.SUPPORTED


@pytest.mark.parametrize(("sentence", "quote"), DIFFERENT)
def test_another_number_name_day_or_a_denial_is_never_carried(
    verifier: Verifier, sentence: str, quote: str
) -> None:
    assert verifier.verify(sentence, quote, CONTEXT)[0] is Verdict.UNSUPPORTED


@pytest.mark.parametrize("sentence", ["?", "", "w" * 4_000, "why " * 1_000, "水獭 \U0001f9a6 \x00"])
@pytest.mark.parametrize("quote", ["", "The bridge was closed.", "x" * 300_000])
@pytest.mark.parametrize("context", ["", CONTEXT])
def test_any_text_is_judged_and_the_same_every_time(
    verifier: Verifier, sentence: str, quote: str, context: str
) -> None:
    verdict, score = verifier.verify(sentence, quote, context)
    assert isinstance(verdict, Verdict)
    assert 0 <= score <= 1
    assert type(score) is float
    assert verifier.verify(sentence, quote, context) == (verdict, score)


@pytest.mark.parametrize("name", ["", "nonsense", "words:x", "nli", "nli:"])
def test_an_unknown_verifier_is_told_with_the_choices(name: str) -> None:
    with pytest.raises(ModelError, match="nli:ORG/NAME"):
        open_verifier(name)


def test_it_is_chosen_by_a_setting(tiny: Path, tmp_path: Path, folder: Path) -> None:
    chosen = {"embedder": "hashing", "model": "quotes", "min_similarity": 0.1}
    with open_knowledge_base(tmp_path / "home", verifier=f"nli:{tiny}", **chosen) as kb:  # type: ignore[arg-type]
        kb.sync(folder)
        answer = kb.ask("When was the bridge at Ostrava closed?")
    assert {one.verdict for one in answer.sentences} == {Verdict.SUPPORTED}
    with pytest.raises(ModelError, match="no verifier 'nonsense'"):
        open_knowledge_base(tmp_path / "home", verifier="nonsense", **chosen)  # type: ignore[arg-type]
