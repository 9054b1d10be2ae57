"""A filter is exact: what it lets through, nothing else, and all of it where it is nearest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embedders.hashing import HashingEmbedder
from index.errors import QuestionError
from index.exact import ExactIndex
from index.filter import Filter
from index.home import Home
from index.search import Search
from tests.index.syncing import sync

SOURCES = ("Le Monde", "ČTK", "100% News", "O'Neill_x")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of 40 articles about otters, from four sources and forty days."""
    place = tmp_path_factory.mktemp("filter")
    folder = place / "news"
    folder.mkdir()
    for i in range(40):
        day = dt.date(2024, 1, 1) + dt.timedelta(i)
        date = "" if i % 10 == 9 else f"date: {day}\n"
        head = f'---\nsource: "{SOURCES[i % 4]}"\n{date}---\n'
        text = f"Otters were counted on day {i}. There were {i * 3} of them in the river."
        (folder / f"{i:02}.txt").write_text(head + text, "utf-8")
    home = Home(place / "home", HashingEmbedder())
    sync(home, [folder])
    return home


DAYS = st.none() | st.dates(dt.date(2023, 12, 20), dt.date(2024, 2, 20))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sets(st.sampled_from([*SOURCES, "le monde", "čtk", "nobody"])), DAYS, DAYS)
def test_a_search_finds_all_that_a_filter_lets_through_and_nothing_else(
    filled: Home, sources: set[str], since: dt.date | None, until: dt.date | None
) -> None:
    wanted = Filter.of(sources=sources, since=since, until=until)
    names = {name.casefold() for name in sources}
    expected = {
        one.uri
        for one in filled.catalog.articles()
        if (not names or (one.source or "").casefold() in names)
        and (since is None or (one.published_at or "") >= since.isoformat())
        and (until is None or "" < (one.published_at or "") <= until.isoformat())
    }
    assert {one.uri for one in filled.catalog.articles(wanted)} == expected
    hits = Search(filled).search("How many otters were counted?", 100, wanted)
    assert {hit.article.uri for hit in hits} == expected
    best = Search(filled).search("How many otters were counted?", 3, wanted)
    assert [hit.passage.id for hit in best] == [hit.passage.id for hit in hits[:3]]


@pytest.mark.parametrize(
    ("text", "count"),
    [("day 17.", 1), ("100%", 10), ("o'neill_", 10), ("%", 10), ("river OTTERS", 40), ("Čtk", 10)],
)
def test_every_word_of_a_text_is_to_be_found(filled: Home, text: str, count: int) -> None:
    assert len(filled.catalog.articles(Filter.of(text=text))) == count


def test_under_is_a_place_or_what_is_below_it(filled: Home) -> None:
    one = filled.catalog.known()
    location = next(iter(one.values())).location
    assert len(filled.catalog.articles(Filter.of(under=location))) == 1
    assert len(filled.catalog.articles(Filter.of(under=str(Path(location).parent)))) == 40
    assert filled.catalog.articles(Filter.of(under=location[:-1])) == []


@pytest.mark.parametrize("day", ["soon", "2024-13-01", "12.3.2024", "2024-08-19xyz"])
def test_what_is_no_day_is_told(day: str) -> None:
    with pytest.raises(QuestionError, match="is not a day"):
        Filter.of(since=day)


def test_the_empty_filter_lets_everything_through(filled: Home) -> None:
    assert not Filter.of()
    assert len(filled.catalog.articles(Filter())) == 40


def test_the_exact_index_follows_every_change(home: Home, folder: Path) -> None:
    exact = ExactIndex(home.catalog, home.embedder.name)
    asked = home.embedder.embed_query("otters on the river")
    assert exact.nearest(asked, 5) == []
    for change in ("add", "update", "remove", "nothing"):
        if change == "update":
            (folder / "otters.txt").write_text("Beavers on the Odra.", "utf-8")
        if change == "remove":
            (folder / "bridge.md").unlink()
        sync(home, [folder])
        cosines = {
            id: float(np.dot(vector, asked))
            for id, vector in home.catalog.passage_vectors(
                [row[0] for row in home.catalog.rows("SELECT id FROM passages")],
                home.embedder.name,
            ).items()
        }
        expected = sorted(cosines.items(), key=lambda pair: (-pair[1], pair[0]))
        found = exact.nearest(asked, 10)
        assert [id for id, _ in found] == [id for id, _ in expected]
        np.testing.assert_allclose([c for _, c in found], [c for _, c in expected], atol=1e-5)
        assert exact.nearest(asked, 1) == found[:1]
        assert exact.nearest(asked, 10, []) == []
