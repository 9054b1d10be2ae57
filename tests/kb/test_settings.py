"""Flags over KB_* over kb.toml over defaults; what is unknown is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb import open_knowledge_base
from kb.errors import ModelError, SettingsError
from kb.settings import load_settings


def test_the_nearer_setting_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(tmp_path).model == "auto"
    (tmp_path / "kb.toml").write_text('model = "quotes"\npassages = 7\n', "utf-8")
    assert load_settings(tmp_path).model == "quotes"
    monkeypatch.setenv("KB_MODEL", "ollama:x")
    assert load_settings(tmp_path).model == "ollama:x"
    assert load_settings(tmp_path, model="local").model == "local"
    assert load_settings(tmp_path, model=None).model == "ollama:x"
    assert load_settings(tmp_path).passages == 7


def test_the_home_is_named_by_kb_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "there"))
    assert load_settings().home == tmp_path / "there"
    assert load_settings(tmp_path / "flag").home == tmp_path / "flag"


def test_unknown_keys_are_refused_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=r"'modle'.*did you mean model"):
        load_settings(tmp_path, modle="x")
    (tmp_path / "kb.toml").write_text("modle = 1", "utf-8")
    with pytest.raises(SettingsError, match=r"kb\.toml.*did you mean model"):
        load_settings(tmp_path)
    monkeypatch.setenv("KB_MODLE", "x")
    with pytest.raises(SettingsError, match=r"environment.*did you mean model"):
        load_settings(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("key", "value"), [("passages", "many"), ("port", 70_000), ("timeout", 0), ("passages", 0)]
)
def test_values_that_cannot_be_are_told(tmp_path: Path, key: str, value: object) -> None:
    with pytest.raises(SettingsError, match=key):
        load_settings(tmp_path, **{key: value})


@pytest.mark.parametrize(
    ("model", "at_once"),
    [("local", 1), ("quotes", 1), ("ollama:x", 1), ("openai:x", 8), ("anthropic:x", 8)],
)
def test_more_questions_are_answered_at_once_where_others_write_the_answers(
    tmp_path: Path, model: str, at_once: int
) -> None:
    assert load_settings(tmp_path, model=model).at_once == at_once
    assert load_settings(tmp_path, model=model, questions_at_once=3).at_once == 3


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text("model = ", "utf-8")
    with pytest.raises(SettingsError, match="cannot read the settings"):
        load_settings(tmp_path)


def test_without_the_local_model_answers_are_quotes_and_it_is_said(tmp_path: Path) -> None:
    options: dict[str, Any] = {"embedder": "hashing", "models_dir": tmp_path / "none"}
    with open_knowledge_base(tmp_path / "home", **options) as kb:
        assert kb.status().model == "quotes"
        assert "kb models pull" in kb.status().notes[0]
    with pytest.raises(ModelError, match="kb models pull"):
        open_knowledge_base(tmp_path / "home", model="local", **options)
    with pytest.raises(ModelError, match="'nonsense:x'"):
        open_knowledge_base(tmp_path / "home", model="nonsense:x", **options)
