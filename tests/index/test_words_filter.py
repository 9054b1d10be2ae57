"""A list by words looks at every text once, and again when something has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.filter import Filter
from index.home import Home
from index.timeline import timeline
from tests.index.syncing import sync

FERRY = Filter.of(text="ferry")


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def test_what_changes_is_in_the_next_list(home: Home, tmp_path: Path) -> None:
    news = tmp_path / "news"
    write(news, "a.md", "# The ferry\n\nIt crosses the Odra.\n")
    write(news, "b.md", "# The bridge\n\nIt was closed.\n")
    sync(home, [news])
    catalog = home.catalog
    for more in ("c", "d"):
        found = catalog.articles(FERRY)
        assert catalog.count_articles(FERRY) == len(found)
        assert sum(one.articles for one in timeline(catalog, FERRY).shares) == len(found)
        write(news, f"{more}.md", f"# Another ferry {more}\n\nIt goes, too.\n")
        sync(home, [news])
        assert catalog.count_articles(FERRY) == len(found) + 1
    (news / "a.md").rename(news / "ferryless.md")
    write(news, "b.md", "# The bridge\n\nIt is a ferry now.\n")
    sync(home, [news])
    assert {one.uri for one in catalog.articles(FERRY)} == {
        f"news/{name}.md" for name in ("b", "c", "d", "ferryless")
    }
    catalog.remove([one.id for one in catalog.articles(FERRY)])
    assert catalog.articles(FERRY) == []


def test_a_page_and_its_plot_read_the_texts_once(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "news", "a.md", "# The ferry\n\nIt crosses the Odra.\n")
    sync(home, [tmp_path / "news"])
    asked: list[str] = []
    rows = home.catalog.rows

    def noted(statement: str, *values: object) -> list[object]:
        asked.append(statement)
        return rows(statement, *values)

    monkeypatch.setattr(home.catalog, "rows", noted)
    for offset in range(3):
        home.catalog.articles(FERRY, offset=offset)
        home.catalog.count_articles(FERRY)
        timeline(home.catalog, FERRY)
    assert sum("instr(" in one for one in asked) == 1
