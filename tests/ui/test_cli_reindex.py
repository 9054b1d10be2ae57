"""``kb reindex``: progress, JSON, being stopped, and the real thing end to end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from index.embedders.hashing import HashingEmbedder
from index.home import Home
from kb.errors import EmbedderError, HomeLocked
from kb.knowledge_base import ReindexProgress, ReindexReport
from tests.index.syncing import sync
from tests.ui.cli_doubles import ScriptedKnowledgeBase
from ui.cli import app
from ui.commands.doors import Doors


@dataclass
class Reindexing(ScriptedKnowledgeBase):
    """Tells of three steps, and returns a report."""

    reindexed: list[str] = field(default_factory=list)

    def reindex(
        self,
        embedder: str,
        *,
        progress: Callable[[ReindexProgress], None],
        stop: Callable[[], bool],
    ) -> ReindexReport:
        """Look at ``stop`` between the steps."""
        self._fail()
        self.reindexed.append(embedder)
        for done in (10, 20, 30):
            if stop():
                return ReindexReport("old@1", "new@1", done - 10, 30, 1.5, stopped=True)
            progress(ReindexProgress(done, 30, done, done / 2))
        return ReindexReport("old@1", "new@1", 30, 30, 15.0)


def kb(doors: Doors, *arguments: str) -> Result:
    """Run ``kb reindex``."""
    return CliRunner().invoke(app, ["reindex", *arguments], obj=doors)


def test_it_says_what_is_in_use_afterwards() -> None:
    there = Reindexing()
    result = kb(there.doors(), "--embedder", "mpnet", "--home", "there")
    assert result.exit_code == 0
    assert result.stdout == "30 of 30 passages embedded in 15 s: new@1 is in use\n"
    assert there.reindexed == ["mpnet"]
    assert there.closed
    given = {"home": Path("there"), "model": "quotes", "embedder": "auto", "create": False}
    assert there.opened_with == given, "a setting that says another one is no hindrance"


def test_quiet_and_json() -> None:
    assert kb(Reindexing().doors(), "--embedder", "mpnet", "--quiet").output == ""
    wire = json.loads(kb(Reindexing().doors(), "--embedder", "mpnet", "--json").stdout)
    assert wire == {
        "before": "old@1",
        "embedder": "new@1",
        "embedded": 30,
        "passages": 30,
        "seconds": 15.0,
        "stopped": False,
    }


def test_an_embedder_has_to_be_named() -> None:
    assert kb(Reindexing().doors()).exit_code == 2


@pytest.mark.parametrize(
    "error",
    [
        EmbedderError("the embedding model mpnet is not there", "fetch it"),
        HomeLocked("the knowledge base is in use by process 12", "end that process"),
    ],
)
def test_what_goes_wrong_is_one_line(error: Exception) -> None:
    result = kb(Reindexing(fails=error).doors(), "--embedder", "mpnet")
    assert result.exit_code == 1
    assert result.stderr == f"kb: {error}\n"


@pytest.fixture
def home(tmp_path: Path, folder: Path) -> Path:
    """A home with an embedder that only this test knows."""
    double = HashingEmbedder()
    double.name = "hashing:earlier@1"
    with Home(tmp_path / "home", double) as opened:
        sync(opened, [folder])
    return tmp_path / "home"


def run(*arguments: str, home: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    command = [sys.executable, "-m", "ui.cli", *arguments, "--home", str(home)]
    root = Path(__file__).parents[2]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, **options)


def test_the_program_changes_a_home_over(home: Path) -> None:
    before = run("search", "otters", home=home)
    assert before.returncode == 1
    assert "kb reindex --embedder NAME" in before.stderr
    wrong = run("reindex", "--embedder", "nonsense", home=home)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.count("\n") == 1
    done = run("reindex", "--embedder", "hashing", "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["embedder"] == HashingEmbedder.name
    assert "otters.txt" in run("search", "otters along the river", "--json", home=home).stdout


def test_a_home_that_is_in_use_is_refused(home: Path) -> None:
    double = HashingEmbedder()
    double.name = "hashing:earlier@1"
    with Home(home, double):
        done = run("reindex", "--embedder", "hashing", home=home)
    assert done.returncode == 1
    assert "is in use by process" in done.stderr
    assert done.stderr.count("\n") == 1


_STOPPED = """
import os, signal, sys
from index import reindex
from index.embedders.hashing import HashingEmbedder
from ui.cli import main
embed = HashingEmbedder.embed_documents
def embed_and_be_stopped(self, texts):
    os.kill(os.getpid(), signal.SIGINT)
    return embed(self, texts)
HashingEmbedder.embed_documents = embed_and_be_stopped
reindex._AT_ONCE = 1
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such Ctrl-C")
def test_ctrl_c_leaves_the_earlier_one_in_use(home: Path) -> None:
    command = [sys.executable, "-c", _STOPPED, "reindex", "--embedder", "hashing"]
    done = subprocess.run(
        [*command, "--home", str(home)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 128 + signal.SIGINT
    assert "stopping after these texts" in done.stderr
    assert done.stdout == "stopped: hashing:earlier@1 is still in use; run it again to go on\n"
    rest = json.loads(run("reindex", "--embedder", "hashing", "--json", home=home).stdout)
    assert rest["embedded"] == rest["passages"] - 1
