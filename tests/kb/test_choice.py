"""Which model answers: one of those that are offered, and nothing else that a request names."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import load_settings
from kb.errors import QuestionError, SettingsError
from tests.conftest import OpenKB

COST = "How much will the repair of the bridge at Ostrava cost?"
NOBODY = "http://127.0.0.1:9"  # where no server listens


def test_what_is_set_comes_first_and_each_says_what_it_is(open_kb: OpenKB, tmp_path: Path) -> None:
    kb = open_kb(models=("ollama:tiny", "local", "quotes"), models_dir=tmp_path)
    assert [one.name for one in kb.models()] == ["quotes", "ollama:tiny"], "no file, no local"
    assert all(one.told for one in kb.models())


def test_a_question_is_answered_by_the_model_that_is_chosen(
    open_kb: OpenKB, tmp_path: Path
) -> None:
    kb = open_kb(model="ollama:tiny", models_dir=tmp_path, base_url=NOBODY)
    quoted = kb.ask(COST, model="quotes")
    assert (quoted.model, quoted.notes) == ("quotes", ())
    assert NOBODY in kb.ask(COST).notes[0]
    assert NOBODY in kb.ask(COST, model="ollama:tiny").notes[0]
    assert kb.status().model == "ollama:tiny"


@pytest.mark.parametrize(
    "name", ["local", "gguf:/etc/passwd", "openai:gpt-4o", "ollama:http://x", "x" * 5_000, "auto"]
)
def test_what_is_not_offered_is_refused_and_never_opened(
    open_kb: OpenKB, tmp_path: Path, name: str
) -> None:
    kb = open_kb(models=("quotes", "ollama:tiny"), models_dir=tmp_path)
    with pytest.raises(QuestionError, match=r"choose one of quotes, ollama:tiny") as told:
        kb.ask(COST, model=name)
    assert len(str(told.value)) < 200


def test_of_model_files_one_at_most_is_offered(open_kb: OpenKB, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no two model files"):
        open_kb(models=("gguf:a.gguf", "gguf:b.gguf"), models_dir=tmp_path)
    with pytest.raises(SettingsError, match="'nonsense'"):
        open_kb(models=("nonsense",), models_dir=tmp_path)


def test_names_are_set_with_commas_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_MODELS", "quotes, openai:gpt-4o")
    assert load_settings(tmp_path).models == ("quotes", "openai:gpt-4o")
    monkeypatch.delenv("KB_MODELS")
    (tmp_path / "kb.toml").write_text("models = []\n", "utf-8")
    assert load_settings(tmp_path).models == ()
