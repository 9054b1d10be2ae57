"""``kb models`` and ``kb doctor``: files, machines and homes, well and not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb import checks
from kb.checks import State
from kb.errors import CatalogError, HomeLocked, KBError, ModelUnavailable, SettingsError
from kb.models.weights import LOCAL, check
from tests.ui.cli_doubles import ScriptedKnowledgeBase
from ui.cli import app
from ui.commands.doors import Doors


def settings_of(folder: Path) -> Callable[..., Any]:
    """Return a ``load_settings`` whose folders are under this one."""

    def load(home: Path | None = None, **given: Any) -> Any:
        settings = {"home": home or folder / "home", "models_dir": folder / "models"}
        return SimpleNamespace(**settings, model=given.get("model") or "auto")

    return load


@pytest.fixture
def doors(tmp_path: Path) -> Doors:
    """Doors to a scripted knowledge base, with an empty models folder."""
    return ScriptedKnowledgeBase().doors(settings=settings_of(tmp_path))


def kb(doors: Doors, *arguments: str) -> Result:
    """Run ``kb``."""
    return CliRunner().invoke(app, list(arguments), obj=doors)


def put_wrong_file(folder: Path) -> None:
    """Put a file that is too short in the place of the local model's."""
    place = check(LOCAL, folder / "models").path
    place.parent.mkdir(parents=True)
    place.write_bytes(b"short")


@pytest.mark.parametrize("arguments", [["models"], ["models", "list"]])
def test_models_are_listed_with_their_states(doors: Doors, arguments: list[str]) -> None:
    result = kb(doors, *arguments)
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if line.startswith(LOCAL))
    assert "missing" in line
    assert "1,117 MB" in line


def test_models_are_listed_as_json(doors: Doors) -> None:
    listed = json.loads(kb(doors, "models", "list", "--json").stdout)["models"]
    assert {each["name"] for each in listed} >= {LOCAL, "minilm", "mpnet"}


def test_a_pull_passes_the_mirror_and_tells_the_place(doors: Doors, tmp_path: Path) -> None:
    calls: list[tuple[Any, ...]] = []

    def pull(name: str, folder: Path, progress: Callable[[int, int], None], mirror: str) -> Path:
        progress(5, 10)
        calls.append((name, folder, mirror))
        return folder / name

    result = kb(replace(doors, pull=pull), "models", "pull", "tiny", "--mirror", "hub")
    assert result.exit_code == 0
    assert calls == [("tiny", tmp_path / "models", "hub")]
    assert result.stdout.startswith("tiny is there and whole: ")


def test_a_pull_that_fails_is_one_line(doors: Doors) -> None:
    def pull(*_: Any, **__: Any) -> Path:
        raise ModelUnavailable("tiny could not be fetched", "check the network")

    result = kb(replace(doors, pull=pull), "models", "pull", "tiny")
    assert result.exit_code == 1
    assert result.stderr == "kb: tiny could not be fetched. check the network.\n"


def test_an_unknown_model_is_one_line(doors: Doors) -> None:
    result = kb(doors, "models", "check", "nothing")
    assert result.exit_code == 1
    assert "nothing" in result.stderr


def test_a_missing_file_is_wrong_only_if_it_was_asked_for(doors: Doors) -> None:
    assert kb(doors, "models", "check").exit_code == 0
    result = kb(doors, "models", "check", LOCAL)
    assert result.exit_code == 1
    assert f"kb: {LOCAL}: missing: kb models pull {LOCAL}" in result.stderr


def test_a_truncated_file_is_wrong(doors: Doors, tmp_path: Path) -> None:
    put_wrong_file(tmp_path)
    result = kb(doors, "models", "check", "--json")
    assert result.exit_code == 1
    listed = {each["name"]: each for each in json.loads(result.stdout)["models"]}
    assert listed[LOCAL]["state"] == "wrong size"
    assert listed[LOCAL]["found"] == "5"
    assert "kb models pull" in result.stderr


def states(result: Result) -> dict[str, str]:
    """Return the states of a doctor's JSON by name."""
    return {each["name"]: each["state"] for each in json.loads(result.stdout)["checks"]}


def test_the_doctor_finds_this_machine_well(doors: Doors, tmp_path: Path) -> None:
    result = kb(doors, "doctor", "--json")
    found = states(result)
    assert result.exit_code == 0
    assert found["python"] == found["packages"] == found["sqlite"] == found["embedder"] == "ok"
    assert found["model"] == "warn"
    assert found["home"] == "ok"
    assert not (tmp_path / "home").exists()


def test_the_doctor_prints_a_line_each_and_what_to_do(doors: Doors) -> None:
    lines = kb(doors, "doctor").stdout.splitlines()
    model = next(number for number, line in enumerate(lines) if line.startswith("warn model"))
    assert f"kb models pull {LOCAL}" in lines[model + 1]


def test_the_doctor_tells_what_is_in_a_home(doors: Doors, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    wire = json.loads(kb(doors, "doctor", "--json").stdout)
    assert wire["status"]["articles"] == 2
    assert wire["status"]["revision"] == 7


@pytest.mark.parametrize(
    ("error", "state", "exit_code"),
    [
        (HomeLocked("it is in use by process 12", "end it"), "warn", 0),
        (CatalogError("it is damaged", "restore it"), "fail", 1),
    ],
)
def test_the_doctor_tells_why_a_home_cannot_be_opened(
    doors: Doors, tmp_path: Path, error: KBError, state: str, exit_code: int
) -> None:
    (tmp_path / "home").mkdir()

    def locked(*_: Any, **__: Any) -> Any:
        raise error

    result = kb(replace(doors, open=locked), "doctor", "--json")
    assert result.exit_code == exit_code
    assert states(result)["home"] == state
    assert error.problem in result.stdout
    assert json.loads(result.stdout)["status"] is None


def test_the_doctor_tells_of_settings_that_cannot_be_read(doors: Doors) -> None:
    def load(*_: Any, **__: Any) -> Any:
        raise SettingsError("kb.toml has an unknown key 'hme'", "remove it")

    result = kb(replace(doors, settings=load), "doctor", "--json")
    assert result.exit_code == 1
    assert states(result)["settings"] == "fail"


def test_the_doctor_fails_on_a_truncated_model(doors: Doors, tmp_path: Path) -> None:
    put_wrong_file(tmp_path)
    result = kb(doors, "doctor", "--json")
    assert result.exit_code == 1
    assert states(result)["model"] == "fail"


def test_packages_from_two_places_fail() -> None:
    found = checks.check_packages(("kb", "json"))
    assert found.state is State.FAIL
    assert "environment of its own" in found.remedy


def test_an_old_python_fails() -> None:
    assert checks.check_python((3, 10)).state is State.FAIL


def test_a_missing_library_fails() -> None:
    found = checks.check_libraries(("rich", "surely-not-installed"))
    assert found.state is State.FAIL
    assert "surely-not-installed" in found.detail


@pytest.mark.parametrize(
    ("free", "state"), [(None, State.OK), (500_000_000, State.WARN), (9_000_000_000, State.OK)]
)
def test_little_memory_is_a_warning(free: int | None, state: State) -> None:
    assert checks.check_memory(free).state is state


@pytest.mark.parametrize(
    ("free", "state"),
    [(1_000_000, State.FAIL), (1_000_000_000, State.WARN), (9_000_000_000, State.OK)],
)
def test_a_full_disk_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, state: State
) -> None:
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr("kb.checks.shutil.disk_usage", lambda place: usage)
    assert checks.check_disk(tmp_path / "not" / "there").state is state
