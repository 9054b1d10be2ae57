"""The Makefile, with a stub in the place of Python: what is done once, again, and not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("kb", "index", "ui", "tests")

# Writes down its arguments, makes a .venv of itself, and fails at what FAIL names.
STUB = """#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in
    *version_info*) exit "${OLD:-0}" ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
esac
[ -z "${FAIL:-}" ] || case "$*" in *"$FAIL"*) exit 1 ;; esac
"""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


class Checkout:
    """A folder with a space in its name, the Makefile and a stub for Python."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a checkout"
        for package in PACKAGES:
            (self.folder / package).mkdir(parents=True)
        shutil.copy(ROOT / "Makefile", self.folder)
        (self.folder / "constraints.txt").write_text("rich==1\ntorch==2.13.0\n", encoding="utf-8")
        (self.folder / "pyproject.toml").touch()
        self.stub = folder / "python"
        self.stub.write_text(STUB, encoding="utf-8")
        self.stub.chmod(0o755)
        self.log = folder / "log"

    def make(self, *arguments: str, **variables: str) -> tuple[int, list[str], str]:
        """Run make; return its exit code, what Python was asked to do, and what was printed."""
        self.log.write_text("", encoding="utf-8")
        done = subprocess.run(
            ["make", f"PYTHON={self.stub}", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LOG": str(self.log), **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )
        asked = self.log.read_text(encoding="utf-8").splitlines()
        return done.returncode, [line for line in asked if line != "-c "], done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A fresh checkout."""
    return Checkout(tmp_path)


def installs(asked: list[str]) -> list[str]:
    """Return what pip was asked to install."""
    return [line.partition(" install ")[2] for line in asked if " install " in line]


def test_help_lists_every_verb(checkout: Checkout) -> None:
    code, asked, printed = checkout.make()
    assert code == 0
    assert asked == []
    for verb in ("run", "test", "check", "bench", "clean"):
        assert f"make {verb} " in printed


def test_a_first_run_installs_torch_first_and_exact_then_serves(checkout: Checkout) -> None:
    code, asked, _ = checkout.make("run")
    assert code == 0
    assert installs(asked) == ["torch==2.13.0", "-c constraints.txt -e ."]
    assert asked[-2].startswith("-m ui.cli models pull qwen2.5-coder-1.5b-instruct ")
    assert asked[-1].startswith("-m ui.cli serve --home data/home ")
    assert "--sync data/articles --examples data/questions.jsonl" in asked[-1]


def test_a_second_run_installs_nothing(checkout: Checkout) -> None:
    checkout.make("run")
    code, asked, _ = checkout.make("run", "PORT=8000")
    assert code == 0
    assert [line.split()[2] for line in asked] == ["models", "serve"]
    assert "--port 8000" in asked[-1]


def test_without_the_model_the_page_is_served_all_the_same(checkout: Checkout) -> None:
    code, asked, printed = checkout.make("run", FAIL="models pull")
    assert code == 0
    assert asked[-1].startswith("-m ui.cli serve")
    assert "the articles' own sentences" in printed


@pytest.mark.parametrize("at", ["-m venv", "torch==", "-e ."])
def test_what_was_interrupted_is_done_again(checkout: Checkout, at: str) -> None:
    code, _, _ = checkout.make("run", FAIL=at)
    assert code != 0
    code, asked, _ = checkout.make("run")
    assert code == 0
    assert installs(asked)[-1] == "-c constraints.txt -e ."


def test_changed_constraints_are_installed(checkout: Checkout) -> None:
    checkout.make("run")
    constraints = checkout.folder / "constraints.txt"
    constraints.write_text("torch==2.14.0\n", encoding="utf-8")
    later = constraints.stat().st_mtime + 10
    os.utime(constraints, (later, later))
    _, asked, _ = checkout.make("run")
    assert installs(asked) == ["torch==2.14.0", "-c constraints.txt -e ."]


def test_what_develops_also_runs(checkout: Checkout) -> None:
    checkout.make("check")
    _, asked, _ = checkout.make("run")
    assert installs(asked) == []


def test_the_tests_come_after_the_checks_and_the_models(checkout: Checkout) -> None:
    code, asked, _ = checkout.make("test")
    assert code == 0
    assert [line.split()[1] for line in asked[-5:]] == ["ruff", "ruff", "mypy", "ui.cli", "pytest"]


def test_a_failed_check_ends_the_tests(checkout: Checkout) -> None:
    code, asked, _ = checkout.make("test", FAIL="-m mypy")
    assert code != 0
    assert "-m pytest" not in asked


def test_bench_passes_the_evaluation_set_on(checkout: Checkout) -> None:
    _, asked, _ = checkout.make("bench", "EVAL=../a set")
    assert asked[-1] == "-m tests.bench ../a set"


def test_an_old_python_is_told_in_a_line(checkout: Checkout) -> None:
    code, _, printed = checkout.make("run", OLD="1")
    assert code != 0
    assert "Python 3.11 or newer is needed" in printed


def test_a_venv_whose_python_has_gone_is_made_again(checkout: Checkout) -> None:
    checkout.make("run")
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    code, asked, _ = checkout.make("run")
    assert code == 0
    assert "-m venv .venv" in asked


def test_clean_leaves_the_knowledge_base(checkout: Checkout) -> None:
    checkout.make("check")
    home = checkout.folder / "data" / "home"
    home.mkdir(parents=True)
    (checkout.folder / "kb" / "__pycache__").mkdir()
    code, _, _ = checkout.make("clean")
    assert code == 0
    assert home.exists()
    assert not (checkout.folder / ".venv").exists()
    assert not (checkout.folder / "kb" / "__pycache__").exists()
