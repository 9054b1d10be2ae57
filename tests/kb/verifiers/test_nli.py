"""A user's model of inference: its labels, what its numbers mean, and what is said if one fails."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from kb.answer import Verdict
from kb.errors import ModelError
from kb.verifiers import open_verifier
from kb.verifiers.nli import NLIVerifier
from kb.verify import WordVerifier
from tests.contracts.tiny_cross_encoder import save_tiny_cross_encoder

QUOTE = "The old bridge at Ostrava was closed to all traffic."
SAME = "The bridge at Ostrava was closed to traffic."
FAR = "The water is like the night there."


def biased(folder: Path, labels: Sequence[str], best: str) -> NLIVerifier:
    """Return the verifier of a model that says the same of every pair, whatever the order is."""
    from safetensors.torch import load_file, save_file

    save_tiny_cross_encoder(folder, names=labels)
    weights = load_file(folder / "model.safetensors")
    weights["classifier.weight"] *= 0
    weights["classifier.bias"] *= 0
    weights["classifier.bias"][list(labels).index(best)] = 4.0
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return NLIVerifier(str(folder), WordVerifier())


@pytest.mark.parametrize(
    "labels",
    [
        ("contradiction", "entailment", "neutral"),
        ("ENTAILMENT", "NEUTRAL", "CONTRADICTION"),
        ("neutral", "contradiction", "entailment"),
    ],
)
@pytest.mark.parametrize(
    ("best", "sentence", "verdict"),
    [
        ("entailment", SAME, Verdict.SUPPORTED),
        ("entailment", FAR, Verdict.SUPPORTED),
        ("neutral", SAME, Verdict.PARTIAL),
        ("neutral", FAR, Verdict.UNSUPPORTED),
        ("contradiction", SAME, Verdict.UNSUPPORTED),
    ],
)
def test_the_labels_are_read_from_the_model_in_whatever_order(
    tmp_path: Path, labels: Sequence[str], best: str, sentence: str, verdict: Verdict
) -> None:
    best = best.upper() if labels[0].isupper() else best
    found, score = biased(tmp_path / "tiny", labels, best).verify(sentence, QUOTE, "")
    assert found is verdict
    assert (score > 0.9) == (best.casefold() == "entailment")


def test_a_model_that_only_knows_entailment_or_not_is_taken(tmp_path: Path) -> None:
    labels = ("entailment", "not_entailment")
    yes = biased(tmp_path / "yes", labels, "entailment")
    no = biased(tmp_path / "no", labels, "not_entailment")
    assert yes.verify(FAR, QUOTE, "")[0] is Verdict.SUPPORTED
    assert no.verify(FAR, QUOTE, "")[0] is Verdict.UNSUPPORTED
    assert no.verify(SAME, QUOTE, "")[0] is Verdict.PARTIAL


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The bridge at Prague was closed to traffic.", Verdict.UNSUPPORTED),
        ("The bridge at Ostrava was closed to traffic in 1997.", Verdict.UNSUPPORTED),
        ("The bridge at Ostrava was not closed to traffic.", Verdict.UNSUPPORTED),
    ],
)
def test_what_a_model_takes_for_entailed_is_compared_by_words_too(
    tmp_path: Path, sentence: str, verdict: Verdict
) -> None:
    model = biased(tmp_path / "tiny", ("entailment", "neutral", "contradiction"), "entailment")
    assert model.verify(sentence, QUOTE, "")[0] is verdict
    doubted = "The bridge at Ostrava may be closed to traffic."
    assert model.verify("The bridge at Ostrava is closed.", doubted, "")[0] is Verdict.PARTIAL


@pytest.mark.parametrize(
    "labels", [("LABEL_0", "LABEL_1", "LABEL_2"), ("positive", "negative"), ("entailment", "other")]
)
def test_a_model_without_the_labels_of_inference_is_refused_at_once(
    tmp_path: Path, labels: Sequence[str]
) -> None:
    folder = save_tiny_cross_encoder(tmp_path / "tiny", names=labels)
    with pytest.raises(ModelError, match=r"not those of inference.*entailment, neutral and contr"):
        open_verifier(f"nli:{folder}")


@pytest.mark.parametrize(
    ("damage", "said"),
    [("config", "labels"), ("weights", "cannot load"), ("pickle", "cannot load")],
)
def test_a_damaged_model_is_told_in_one_line(tmp_path: Path, damage: str, said: str) -> None:
    folder = save_tiny_cross_encoder(tmp_path / "tiny", names=("entailment", "neutral"))
    if damage == "config":
        (folder / "config.json").write_text("{", "utf-8")
    if damage == "weights":
        (folder / "model.safetensors").write_bytes(b"no weights")
    if damage == "pickle":  # which could carry code, and is not looked at
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match=said) as caught:
        open_verifier(f"nli:{folder}").verify(SAME, QUOTE, "")
    assert "\n" not in str(caught.value)


def test_labels_that_are_no_table_are_told(tmp_path: Path) -> None:
    folder = save_tiny_cross_encoder(tmp_path / "tiny", names=("entailment", "neutral"))
    config = json.loads((folder / "config.json").read_bytes())
    (folder / "config.json").write_text(json.dumps(config | {"id2label": ["entailment"]}), "utf-8")
    with pytest.raises(ModelError, match="cannot read the labels"):
        open_verifier(f"nli:{folder}")


def test_a_name_on_the_hub_is_taken_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = save_tiny_cross_encoder(tmp_path / "tiny", names=("entailment", "neutral"))
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda name, **_: str(cached))
    verdict, score = open_verifier("nli:someone/inference").verify(SAME, QUOTE, "")
    assert verdict in Verdict
    assert 0 <= score <= 1
