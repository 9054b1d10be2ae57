"""The program as a process: how it ends, what it imports, and what nobody expected."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.ui.cli_doubles import ScriptedKnowledgeBase, refused
from ui.cli import main
from ui.commands.speech import tell_thread_bug, tell_warnings


@pytest.fixture(autouse=True)
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the interpreter's hooks back after a test of ``main``."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def test_an_unexpected_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    broken = ScriptedKnowledgeBase(fails=ZeroDivisionError("by \x1b"))
    with pytest.raises(ZeroDivisionError) as caught:
        main(["ask", "q"], broken.doors())
    sys.excepthook(caught.type, caught.value, caught.tb)
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("kb: an unexpected error: ZeroDivisionError: by ␛.")
    assert "--debug" in told


def test_an_unexpected_error_in_a_thread_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    error = ZeroDivisionError("by zero")
    tell_thread_bug(threading.ExceptHookArgs((type(error), error, None, None)))
    assert capsys.readouterr().err.startswith("kb: an unexpected error: ZeroDivisionError: by zero")


def test_main_ends_with_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(SystemExit) as ended:
        main(["ask", "q"], ScriptedKnowledgeBase(answers=refused).doors())
    assert ended.value.code == 3


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run this Python on the checkout."""
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        **options,
    )


def test_help_imports_nothing_heavy() -> None:
    script = """
import sys
import threading
from ui.cli import main
try:
    main(["--help"])
finally:
    heavy = {"torch", "numpy", "gradio", "chromadb", "llama_index", "sentence_transformers",
             "xllamacpp", "fastapi", "pydantic", "transformers", "huggingface_hub"}
    print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = python("-c", script)
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"


def test_the_command_runs_as_a_module() -> None:
    done = python("-m", "ui.cli", "--version")
    assert done.returncode == 0
    assert done.stdout.startswith("footnoted ")


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
@pytest.mark.parametrize("words", [1, 100_000])
def test_a_reader_that_leaves_is_not_an_error(words: int) -> None:
    script = f"""
from tests.ui.cli_doubles import ScriptedKnowledgeBase, answered
from ui.cli import main
long = lambda question: answered(question, text="word " * {words})
main(["ask", "q", "-q"], ScriptedKnowledgeBase(answers=long).doors())
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 141


def test_what_is_logged_is_a_remark_once(capsys: pytest.CaptureFixture[str]) -> None:
    tell_warnings()
    tell_warnings()
    logging.getLogger("kb.somewhere").warning("cannot reach %s", "evil\x1b[2J\n.example")
    assert capsys.readouterr().err == "kb: cannot reach evil␛[2J .example\n"
