"""What must stay true of the house itself: layers, exports, and that the README's example runs."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kb

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in ("kb", "index", "ui")
    for path in (ROOT / package).rglob("*.py")
    if path.name != "__init__.py"
)
COMMANDS = set(
    "sync search ask cite chat conversations serve articles backup restore compact".split()
    + "models reindex eval doctor".split()
)
EXTRAS = {"kb.models.anthropic", "kb.models.ollama", "kb.models.openai"}


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", MODULES)
def test_a_module_exports_what_it_says_and_says_what_it_is_for(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    for public in module.__all__:
        assert getattr(module, public) is not None


def test_everything_that_a_program_needs_is_in_kb() -> None:
    for name in kb.__all__:
        assert getattr(kb, name).__doc__
    assert not hasattr(kb, "nonsense")
    assert sorted(kb.__all__) == sorted(kb._WHERE)


def test_importing_kb_and_asking_for_help_load_nothing_heavy() -> None:
    heavy = "gradio torch chromadb llama_index sentence_transformers xllamacpp".split()
    code = f"import sys, kb, ui.cli\nprint([name for name in {heavy} if name in sys.modules])\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.model
def test_the_python_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KB_MODEL", "quotes")
    (tmp_path / "data").symlink_to(ROOT / "data")
    exec(compile(example, "README.md", "exec"), {})
    assert "Filashkin" in capsys.readouterr().out


def test_the_commands_of_the_readme_are_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    said = set(re.findall(r"\bkb ([a-z]+)\b", readme)) & COMMANDS
    helped = subprocess.run(
        [sys.executable, "-m", "ui.cli", "--help"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    assert said == COMMANDS
    assert all(re.search(rf"\b{command}\b", helped) for command in said)
    make = (ROOT / "Makefile").read_text("utf-8")
    for verb in re.findall(r"\bmake (\w+)  ", readme):
        assert re.search(rf"^{verb}:.*## ", make, re.M)
