"""Two figures for one thing are both told, the newer first; what merely differs is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Article, Hit, Passage
from kb import Answer, Delta, KnowledgeBase
from kb.disagree import Disagreement, disagreements, newer_first, superseding
from kb.evidence import Scored
from tests.conftest import OpenKB

KYIV = "Zelensky said that 74 settlements in the Kursk region were under Ukrainian control."
SMIRNOV = "Acting governor Smirnov said that 28 settlements were under Ukrainian control."
LATER = "Syrskyi said his troops now held 100 settlements in the Kursk region."
ASKED = "How many settlements in the Kursk region are under Ukrainian control?"


def scored(*texts: str) -> list[Scored]:
    """Return sentences of articles of their own, each a little worse and a day older."""
    found = []
    for n, text in enumerate(texts):
        day = f"2024-08-{20 - n:02}"
        article = Article(f"a{n}", f"a{n}.md", "The fighting", text, f"Paper {n}", None, day)
        passage = Passage(f"p{n}", article.id, 0, len(text), text)
        hit = Hit(passage, article, 1.0 - n / 100, 0.6)
        found.append(Scored(hit, 0, 0, len(text), 2.0 - n / 10, 0.6))
    return found


def differ(question: str, *texts: str) -> list[Disagreement]:
    """Return where these sentences disagree."""
    return disagreements(question, scored(*texts))


def test_two_figures_for_one_thing_are_found_and_ordered_by_their_days() -> None:
    (found,) = differ(ASKED, KYIV, SMIRNOV)
    assert (found.kind, found.values) == ("figures", ("74 settlements", "28 settlements"))
    assert (found.newer.text, found.older.text) == (KYIV, SMIRNOV)


def test_a_denial_is_found_where_yes_or_no_is_asked() -> None:
    asked = "Did the minister accept the money?"
    (found,) = differ(
        asked, "The minister accepted the money.", "The minister denied he accepted money."
    )
    assert found.kind == "denial"
    assert not differ(
        asked, "The minister accepted the money.", "The minister accepted the money on Monday."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KYIV, KYIV),
        (KYIV, "Zelensky said that 74 villages in the Kursk region were under Ukrainian control."),
        (KYIV, "Zelensky said that about 76 settlements in the Kursk region were under control."),
        (
            KYIV,
            "In 2022 Zelensky said that 12 settlements in the Kherson region were under control.",
        ),
        (KYIV, "Under Ukrainian control were 3 bridges in the Kursk region."),
        (KYIV, "The harvest of 28 settlements will be late."),
        (
            "The quake of 6 February 2023 destroyed 300 settlements under Turkish control.",
            "The quake of 1999 destroyed 20 settlements under Turkish control.",
        ),
    ],
)
def test_what_does_not_contradict_is_left_alone(one: str, other: str) -> None:
    assert differ(ASKED, one, other) == []


def test_figures_that_were_not_asked_for_are_left_alone() -> None:
    assert differ("Who said that settlements are under Ukrainian control?", KYIV, SMIRNOV) == []


def lead(question: str, ranked: list[Scored]) -> str:
    """Return the sentence that is read first."""
    found = superseding(question, ranked, disagreements(question, ranked))
    return newer_first(ranked, found)[0].text


def test_the_newest_leads_unless_the_question_names_who_says_the_other() -> None:
    ranked = list(reversed(scored(LATER, KYIV, SMIRNOV)))
    assert lead(ASKED, ranked) in (LATER, KYIV)
    asked = "How many settlements are under Ukrainian control, as Smirnov says?"
    crowd = [*ranked, *scored("Bread is dear.", "Rain fell.", "Snow fell.")]
    assert lead(asked, crowd) == SMIRNOV


OPENS = "When does the bridge at Ostrava open?"


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        (
            "The bridge at Ostrava opens on 5 May.",
            "The new bridge in Ostrava will open on 7 May 2024, Dohnal said.",
            ("5 May", "7 May 2024"),
        ),
        (
            "The bridge at Ostrava will open in 2024.",
            "The Ostrava bridge opens in June 2025.",
            ("2024", "June 2025"),
        ),
    ],
)
def test_two_days_of_one_event_are_found(one: str, other: str, values: tuple[str, str]) -> None:
    (found,) = differ(OPENS, one, other)
    assert (found.kind, found.values) == ("dates", values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bridge at Ostrava opens on 5 May.", "The bridge at Ostrava opens in May 2024."),
        ("The bridge at Ostrava opens on 5 May.", "The bridge at Ostrava was shut in 2019."),
        ("The bridge at Ostrava opens on 5 May.", "The bridge at Ostrava opens or not in May."),
        (
            "The bridge at Ostrava opens on 5 May.",
            "The bridge at Ostrava opens on 7 May or, if it rains, on 9 May.",
        ),
        ("The bridge at Ostrava opens on 5 May.", "The bridge opens on 7 May."),
        ("The bridge at Ostrava opens from 2019-2024.", "The bridge at Ostrava opens on 7 May."),
    ],
)
def test_days_that_may_be_one_or_of_something_else_are_left_alone(one: str, other: str) -> None:
    assert differ(OPENS, one, other) == []


@pytest.fixture
def two_counts(open_kb: OpenKB, tmp_path: Path) -> KnowledgeBase:
    """Two papers, with two figures on two days."""
    folder = tmp_path / "counts"
    folder.mkdir()
    for name, day, text in (("Wire", "2024-08-13", KYIV), ("Ledger", "2024-08-12", SMIRNOV)):
        head = f"---\ntitle: Kursk\nsource: {name}\npublished_at: {day}\n---\n\n"
        (folder / f"{name}.md").write_text(head + text + "\n", "utf-8")
    kb = open_kb("Under Ukrainian control were 74 settlements in the Kursk region [1].")
    kb.sync(folder)
    return kb


def test_an_answer_tells_both_sides_with_sources_and_days(two_counts: KnowledgeBase) -> None:
    events = list(two_counts.stream(ASKED))
    answer = events[-1]
    assert isinstance(answer, Answer)
    (conflict,) = answer.conflicts
    cited = {one.number: one.quote for one in answer.citations}
    assert (cited[conflict.newer], cited[conflict.older]) == (KYIV, SMIRNOV)
    assert conflict.superseded
    assert conflict.text == (
        f"74 settlements, Wire on 13 August 2024 [{conflict.newer}]; "
        f"28 settlements, Ledger on 12 August 2024 [{conflict.older}]"
    )
    assert f"Earlier, Ledger on 12 August 2024: “{SMIRNOV}” [{conflict.older}]" in answer.text
    assert "".join(one.text for one in events if isinstance(one, Delta)) == answer.text


def test_the_direct_answer_is_the_newest_figure(open_kb: OpenKB, two_counts: KnowledgeBase) -> None:
    kb = open_kb(f"Short answer: 28 settlements\n{SMIRNOV} [2]")
    answer = kb.ask(ASKED)
    assert answer.short == "74 settlements"
    first, second = answer.sentences
    assert first.text == f"Wire on 13 August 2024: “{KYIV}”"
    assert second.text == f"Earlier, Ledger on 12 August 2024: “{SMIRNOV}”"
    assert [one.quote for one in answer.citations] == [KYIV, SMIRNOV]


def test_what_was_not_known_on_a_day_is_not_used(two_counts: KnowledgeBase) -> None:
    then = two_counts.ask(ASKED, as_of="2024-08-12")
    assert "Wire" not in {one.article.source for one in then.citations or then.nearest}
    assert not then.conflicts
    assert two_counts.search(ASKED, as_of="2020-01-01") == []
    both = two_counts.search(ASKED, as_of="2024-08-13", until="2024-08-12")
    assert "Wire" not in {hit.article.source for hit in both}
