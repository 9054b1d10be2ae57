"""The facade's methods for a library: what programs call."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kb import Filter, backup, restore
from kb.errors import NotFoundError, QuestionError, SourceError
from tests.conftest import OpenKB

STORY = " ".join(f"Sentence {n} of the agency's story about otters and bridges." for n in range(30))


def test_articles_are_removed_for_good_and_let_back_in(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    with pytest.raises(NotFoundError):
        kb.remove(["news/otters.txt", "nothing"])
    assert len(kb.articles()) == 2
    (gone,) = kb.remove(["news/otters.txt"])
    assert (gone.uri, gone.text) == ("news/otters.txt", "")
    assert kb.excluded() == {gone.id: "news/otters.txt"}
    assert kb.sync(folder).added == ()
    with pytest.raises(NotFoundError, match="--removed"):
        kb.readmit(["nothing"])
    kb.readmit([gone.id])
    assert kb.sync(folder).added == ("news/otters.txt",)
    assert kb.article("news/otters.txt").id == gone.id


def test_a_search_is_limited_to_sources_and_days(open_kb: OpenKB) -> None:
    kb = open_kb()
    asked = "bridge otters river"
    assert len({hit.article.uri for hit in kb.search(asked)}) == 2
    named = kb.search(asked, sources=["sample post"])
    assert {hit.article.uri for hit in named} == {"news/bridge.md"}
    assert kb.search(asked, since="2024-03-06") == []
    assert kb.search(asked, sources=["Nobody"]) == []
    assert {
        hit.article.uri for hit in kb.search(asked, since="2024-03-05", until="2024-03-05")
    } == {"news/bridge.md"}
    with pytest.raises(QuestionError, match="is not a day"):
        kb.search(asked, until="yesterday")


def test_duplicates_are_groups_of_articles(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    for name in ("agency", "daily"):
        (folder / f"{name}.txt").write_text(f"---\nsource: {name}\n---\n{STORY}", "utf-8")
    kb.sync(folder)
    ((first, second),) = kb.duplicates()
    assert [one.source for one, _ in (first, second)] == ["agency", "daily"]
    assert first[1] == second[1] == 1.0
    assert len(kb.articles(Filter.of(sources=["daily"]))) == 1


def test_an_address_that_is_none_changes_nothing(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    for place in ("ftp://example.org/", "http://", "https://127.0.0.1:1/"):
        with pytest.raises(SourceError):
            kb.sync(place, folder / "bridge.md")
    assert len(kb.articles()) == 2


def test_watching_mirrors_each_change_until_it_is_stopped(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    stop = threading.Event()
    reports = kb.watch(folder, stop=stop)
    assert next(reports).kept == 2
    assert next(reports).kept == 2  # the look when watching has begun
    (folder / "new.txt").write_text("A new text.", "utf-8")
    assert next(reports).added == ("news/new.txt",)
    folder.rename(folder.with_name("away"))
    stop.set()
    assert list(reports) == []
    assert len(kb.articles()) == 3, "a folder that is not there takes no article with it"


def test_a_knowledge_base_is_saved_and_brought_back(open_kb: OpenKB, tmp_path: Path) -> None:
    kb = open_kb()
    home = kb.status().home
    before, after = kb.compact()
    assert before > 0 < after
    assert backup(home, tmp_path / "saved") == 2
    kb.close()
    assert restore(home, tmp_path / "saved", replace=True)
    assert len(open_kb().articles()) == 2
