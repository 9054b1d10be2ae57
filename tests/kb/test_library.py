"""The facade's methods for a library: what programs call."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from kb import Filter, Found, Refusal, Share, Unit, backup, restore
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


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (
            {"sources": ["Sample"]},
            "no article is from 'Sample'; the nearest source is 'Sample Post'",
        ),
        ({"sources": ["post sample"]}, "the nearest source is 'Sample Post'"),
        ({"sources": ["Żurnal", "Q"]}, "no article is from 'Żurnal' or 'Q'; no source is like it"),
        ({"since": "2030-01-01"}, "on or after 2030-01-01; the newest is of 2024-03-05"),
        ({"until": "1999-12-31"}, "on or before 1999-12-31; the oldest is of 2024-03-05"),
        ({"since": "2024-03-06", "until": "2030-01-01"}, "the newest is of 2024-03-05"),
        ({"since": "2024-03-06", "until": "2024-03-01"}, "no day is on or after 2024-03-06"),
        ({"since": "2024-03-06", "sources": ["Q"]}, "no article is from 'Q'"),
        ({"sources": ["sample post"], "text": "otters"}, "no article matches all filters together"),
        ({"sources": ["sample post"]}, None),
        ({}, None),
    ],
)
def test_a_filter_that_lets_nothing_through_says_what_would(
    open_kb: OpenKB, options: dict[str, Any], why: str | None
) -> None:
    wanted = Filter.of(**options)
    kb = open_kb()
    told = kb.why_nothing(wanted)
    assert (told is None) == bool(kb.articles(wanted))
    assert (why in told) if why and told else told is why


def test_where_dates_or_sources_or_articles_are_missing_that_is_said(
    open_kb: OpenKB, folder: Path
) -> None:
    kb = open_kb()
    (folder / "bridge.md").unlink()
    (folder / "late.md").write_text("---\npublished_at: 2024-09-01\n---\nThe late text.", "utf-8")
    kb.sync(folder)
    between = kb.why_nothing(Filter.of(since="2024-03-06", until="2024-04-01"))
    assert between is not None
    assert "on or before 2024-04-01; the oldest is of 2024-09-01" in between
    assert kb.why_nothing(Filter.of(sources=["Q"])) == (
        "no article is from 'Q'; no article has a source"
    )
    (folder / "early.md").write_text("---\npublished_at: 2023-09-01\n---\nThe early.", "utf-8")
    kb.sync(folder)
    assert kb.why_nothing(Filter.of(since="2024-03-06", until="2024-04-01")) == (
        "no article was published from 2024-03-06 to 2024-04-01; "
        "they are of days from 2023-09-01 to 2024-09-01"
    )
    for name in ("early.md", "late.md"):
        (folder / name).unlink()
    kb.sync(folder)
    assert kb.why_nothing(Filter.of(since="2024-03-06")) == "no article has a date"
    (folder / "otters.txt").unlink()
    kb.sync(folder, allow_empty=True)
    assert "there are no articles yet" in str(kb.why_nothing(Filter()))


def test_an_answer_keeps_to_sources_and_days_and_its_refusal_says_why(open_kb: OpenKB) -> None:
    kb = open_kb()
    asked = "How many otters did biologists count along the Odra?"
    assert "31 otters" in kb.ask(asked).text
    assert "31 otters" not in kb.ask(asked, sources=["Sample Post"]).text
    for options in ({"sources": ["Sample"]}, {"since": "2030-01-01"}, {"until": "1999-12-31"}):
        refused = kb.ask(asked, **options)
        assert refused.refusal is Refusal.NO_EVIDENCE
        assert refused.text.startswith("No article ")
        assert refused.text.endswith(".")
    with pytest.raises(QuestionError, match="is not a day"):
        kb.ask(asked, now="tomorrow")


def test_a_stream_tells_its_chips_and_one_can_be_taken_back(open_kb: OpenKB) -> None:
    kb = open_kb()
    asked = "What did the Sample Post say yesterday of the bridge?"

    def labels(**options: Any) -> list[str]:
        found = next(kb.stream(asked, now="2024-03-06", **options))
        assert isinstance(found, Found)
        assert found.chips == kb.chips(asked, now="2024-03-06", **options)
        return [chip.label for chip in found.chips]

    assert [chip.value for chip in kb.chips(asked, now="2024-03-06")] == [
        "Sample Post",
        "2024-03-05/2024-03-05",
    ]
    source, day = labels()
    assert labels(without=[source]) == [day]
    assert labels(without=[source.upper(), day]) == []


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


def test_a_refusal_says_that_articles_are_still_being_read(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    asked = "Who won the chess championship in Reykjavik?"
    assert not kb.ask(asked).notes
    told: list[tuple[str, ...]] = []

    def ask_meanwhile(progress: object) -> None:
        assert kb.status().syncing
        told.append(kb.ask(asked).notes)

    (folder / "ferry.txt").write_text("The ferry\n\nIt carried 900 people.\n", "utf-8")
    kb.sync(folder, progress=ask_meanwhile)
    assert told
    assert "still being read" in told[0][0]
    assert not kb.status().syncing
    assert not kb.ask(asked).notes


@pytest.mark.parametrize(
    ("last", "unit", "periods"),
    [
        ("2024-04-01", Unit.DAY, ["2024-03-05", "2024-04-01"]),
        ("2025-01-01", Unit.MONTH, ["2024-03", "2025-01"]),
        ("1999-12-31", Unit.YEAR, ["1999", "2024"]),
    ],
)
def test_articles_are_counted_in_periods_that_fit_the_stretch_of_time(
    open_kb: OpenKB, last: str, unit: Unit, periods: list[str]
) -> None:
    kb = open_kb()
    kb.put_article("last", title="T", text="A text.", source="Wire", published_at=last)
    counted = kb.timeline()
    assert counted.unit is unit
    assert [one.period for one in counted.shares] == [*periods, None]
    assert sum(one.articles for one in counted.shares) == kb.count() == 3
    of_wire = kb.timeline(Filter.of(sources=["wire"]), Unit.DAY)
    assert of_wire.shares == (Share(last, "Wire", 1),)


def test_a_home_says_how_large_and_how_whole_it_is(open_kb: OpenKB, tmp_path: Path) -> None:
    kb = open_kb()
    files = [path for path in (tmp_path / "kb").rglob("*") if path.is_file()]
    assert kb.size() == sum(path.stat().st_size for path in files)
    assert kb.status().index == "whole"
