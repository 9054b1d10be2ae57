"""``KnowledgeBase.reindex``: beside searches, syncs and answers, and until it is closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.embedders.hashing import HashingEmbedder
from kb import KnowledgeBase, open_knowledge_base
from kb.errors import EmbedderError, HomeError, SettingsError
from kb.knowledge_base import ReindexReport
from tests.conftest import OpenKB
from tests.index.other_embedder import OtherEmbedder

ASKED = "How many otters were counted along the river?"


class Gate:
    """Holds a reindex up before it embeds anything."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, texts: Sequence[str]) -> None:
        self.reached.set()
        assert self.opened.wait(30)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate in ``other``, the name of an embedder."""
    gate = Gate()
    monkeypatch.setattr("index.reindex.open_embedder", lambda name, folder: OtherEmbedder(gate))
    yield gate
    gate.opened.set()


def beside(kb: KnowledgeBase, reports: list[ReindexReport]) -> threading.Thread:
    """Begin a reindex in a thread."""
    thread = threading.Thread(target=lambda: reports.append(kb.reindex("other")))
    thread.start()
    return thread


def test_everything_goes_on_beside_it(open_kb: OpenKB, folder: Path, gate: Gate) -> None:
    kb = open_kb()
    before = kb.ask(ASKED)
    assert "31 otters" in before.text
    reports: list[ReindexReport] = []
    thread = beside(kb, reports)
    assert gate.reached.wait(30)
    assert kb.ask(ASKED).text == before.text
    (folder / "late.txt").write_text("A late article tells of beavers in the Elbe.", "utf-8")
    assert kb.sync(folder).added == ("news/late.txt",)
    assert kb.search("beavers in the Elbe")[0].article.uri == "news/late.txt"
    assert kb.status().embedder == HashingEmbedder.name
    with pytest.raises(HomeError, match="at work already"):
        kb.reindex("other")
    gate.opened.set()
    thread.join()
    assert reports[0].embedder == kb.status().embedder == OtherEmbedder.name
    assert kb.ask(ASKED).text == before.text
    assert kb.search("beavers in the Elbe")[0].article.uri == "news/late.txt"


def test_answers_are_found_with_the_new_one(open_kb: OpenKB, gate: Gate) -> None:
    kb = open_kb()
    gate.opened.set()
    kb.reindex("other")
    hit = kb.search(ASKED)[0]
    vector = OtherEmbedder().embed_query(ASKED)
    stored = kb._home.catalog.passage_vectors([hit.passage.id], OtherEmbedder.name)
    assert hit.similarity == pytest.approx(float(stored[hit.passage.id] @ vector), abs=1e-5)


def test_closing_stops_it_and_it_can_be_gone_on_with(
    tmp_path: Path, open_kb: OpenKB, gate: Gate
) -> None:
    kb = open_kb()
    reports: list[ReindexReport] = []
    thread = beside(kb, reports)
    assert gate.reached.wait(30)
    closing = threading.Thread(target=kb.close)
    closing.start()
    gate.opened.set()
    closing.join()
    thread.join()
    with open_knowledge_base(tmp_path / "kb", model="quotes") as again:
        assert again.status().embedder in (HashingEmbedder.name, OtherEmbedder.name)
        assert reports[0].stopped == (again.status().embedder == HashingEmbedder.name)


def test_a_home_opens_with_its_own_embedder_and_says_what_a_setting_would_change(
    tmp_path: Path, open_kb: OpenKB
) -> None:
    open_kb().close()
    with open_knowledge_base(tmp_path / "kb", model="quotes", models_dir=tmp_path) as kb:
        assert kb.status().embedder == HashingEmbedder.name
        with pytest.raises(EmbedderError, match="kb models pull mpnet"):
            kb.reindex("mpnet")
        assert kb.status().embedder == HashingEmbedder.name
    with pytest.raises(SettingsError, match="kb reindex --embedder minilm"):
        open_knowledge_base(tmp_path / "kb", model="quotes", embedder="minilm")


def test_a_home_whose_embedder_is_missing_opens_with_a_note(tmp_path: Path, folder: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "modules.json").write_text("[]", "utf-8")
    (model / "model.safetensors").write_bytes(b"weights")
    name = f"sentence-transformers:{model}"
    open_knowledge_base(tmp_path / "kb", model="quotes", embedder=name).close()
    (model / "modules.json").unlink()
    with open_knowledge_base(tmp_path / "kb", model="quotes") as kb:
        assert "kb reindex --embedder NAME" in kb.status().notes[0]
        kb.reindex("hashing")
        assert kb.status().notes == ()
        kb.sync(folder)
        assert "31 otters" in kb.ask(ASKED).text
