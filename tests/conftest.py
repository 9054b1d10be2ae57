"""What tests of several rooms share: small articles, homes that need no model, all the cores."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from index.embedders.hashing import HashingEmbedder
from index.home import Home
from kb import KnowledgeBase, open_knowledge_base
from kb.errors import ModelError
from kb.models.scripted import Scripted
from kb.models.weights import LOCAL, verified

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "articles"

OpenKB = Callable[..., KnowledgeBase]


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run folders of tests on all cores, up to four, and files that are named in this process.

    ``-n 0``, ``-s`` or ``--pdb`` keep everything in this process.
    """
    chosen = config.option
    if "PYTEST_XDIST_WORKER" in os.environ or not config.pluginmanager.hasplugin("xdist"):
        return
    folders = any(Path(place).is_dir() for place in config.args)
    if chosen.numprocesses is None and folders and chosen.capture != "no":
        chosen.numprocesses = "auto"
        chosen.maxprocesses = chosen.maxprocesses or 4
    if chosen.numprocesses and chosen.dist == "no":
        chosen.dist = "loadfile"
        chosen.loadscopereorder = False  # the slow folders come first
        # Threads of two processes that wait for each other's cores are slower than one thread.
        os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one process; those with the browser to one, those with the model to one."""
    if config.option.dist != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):  # type: ignore[misc]  # an untyped base
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return _together(file)

    return Together(config, log)


@cache
def _together(file: str) -> str:
    """Return what a file shares with others: one large model in memory, one browser, or nothing."""
    if re.search(r'models_dir: Path|\("models_dir"\)', (ROOT / file).read_text("utf-8")):
        return "the local model"
    return "the browser" if file.startswith("tests/browser/") else file


def pytest_configure() -> None:
    """Take Ctrl-C, so that the programs that tests start take it.

    A shell lets what it starts in the background ignore it, and so would they.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests reaches them."""
    for name in os.environ:
        if name.startswith("KB_") and name not in ("KB_BROWSER", "KB_SCREENSHOTS", "KB_MODELS_DIR"):
            monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two articles on different subjects."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bridge.md").write_text(
        "---\ntitle: The bridge at Ostrava\nsource: Sample Post\nauthor: Eva Malá\n"
        "published_at: 2024-03-05\nurl: https://example.org/bridge\n---\n\n"
        "The old bridge at Ostrava was closed on Monday. "
        "Engineers found 14 cracks in its piers.\n\n"
        "## Repairs\n\nThe repair will cost 3.2 million euros. Mayor Jan Dohnal said that it "
        "begins in May.\n",
        "utf-8",
    )
    (folder / "otters.txt").write_text(
        "Otters return to the Odra\n\nBiologists counted 31 otters along the river Odra. "
        "The animals had not been seen there since 1987.\n",
        "utf-8",
    )
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home with the hashing embedder."""
    with Home(tmp_path / "home", HashingEmbedder()) as opened:
        yield opened


@pytest.fixture
def open_kb(tmp_path: Path, folder: Path) -> Iterator[OpenKB]:
    """Open a knowledge base over ``folder``, with drafts for the scripted writer or without."""
    opened: list[KnowledgeBase] = []

    def open_it(*drafts: str, **settings: object) -> KnowledgeBase:
        for kb in opened:
            kb.close()
        writer = Scripted(drafts) if drafts else None
        chosen = {"model": "quotes", "embedder": "hashing", "min_similarity": 0.1, **settings}
        kb = open_knowledge_base(tmp_path / "kb", writer=writer, **chosen)  # type: ignore[arg-type]
        kb.sync(folder)
        opened.append(kb)
        return kb

    yield open_it
    for kb in opened:
        kb.close()


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder with the real local model; without it a skip, and a failure where CI=true."""
    usual = Path(platformdirs.user_data_dir("footnoted")) / "models"
    folder = Path(os.environ.get("KB_MODELS_DIR") or usual)
    try:
        verified(LOCAL, folder)
    except ModelError as exc:
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real model is needed here: {exc}")
        pytest.skip(str(exc))
    return folder
