"""Wrapped lines are joined where it is certain, and left alone where it is not."""

from __future__ import annotations

import pytest

from index.readers.lines import Unwrapper

COLUMN = (
    "The old bridge at Ostrava was closed on\n"
    "monday after engineers had found cracks\n"
    "in its piers, which will be repaired in\n"
    "the summer by the company that built it\n"
    "for the city, as the mayor of the city\n"
    "Jan Dohnal said on Tuesday. Afterwards\n"
    "Eva Malá, his deputy, confirmed that"
)


def page(text: str, *others: str) -> str:
    return Unwrapper([text, *others]).page(text)


def test_a_paragraph_of_a_column_becomes_one_line() -> None:
    assert page(COLUMN) == COLUMN.replace("\n", " ")


def test_a_list_beside_a_column_stays_a_list() -> None:
    text = f"{COLUMN} he resigned.\ncounting tracks in the mud\nlooking at many cameras"
    assert page(text).endswith("\ncounting tracks in the mud\nlooking at many cameras")


@pytest.mark.parametrize(
    "text",
    [
        "Contents of the report\nIntroduction\nThe bridge",
        "apples\noranges\npears",
        "The river is 900 kilometres long.\nthe bridge is not",
        "The following things were found in it:\n- cracks in the piers\n- rust",
        "A name that is written with a hyphen: Smith-\nJones",
        "The numbers of the years that he meant are 2019-\n2020",
        "A paragraph that was not yet finished here\n\nanother one",
        "",
    ],
)
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert page(text) == text


@pytest.mark.parametrize(
    ("broken", "elsewhere", "joined"),
    [
        ("exam-\nples", "", "examples"),
        ("well-\nknown", "a well-known man", "well-known"),
        ("week-\nend", "a week-end or a weekend off", "weekend"),
        ("exam\u00ad\nples", "some exam-ples here", "examples"),
        ("piers -\nbut", "", "piers - but"),
    ],
)
def test_a_hyphen_goes_with_the_break_unless_the_document_writes_it(
    broken: str, elsewhere: str, joined: str
) -> None:
    line = "Engineers have been looking at the "
    assert page(line + broken, elsewhere) == line + joined


def test_what_printers_do_to_letters_is_undone() -> None:
    assert page("The ﬁrst oﬃce a\u00adbove\x0b\x01") == "The first office above"


def test_a_line_of_a_million_letters_takes_no_time() -> None:
    text = "a" * 1_000_000 + "-\n" + "b" * 1_000_000
    assert page(text) == "a" * 1_000_000 + "b" * 1_000_000
