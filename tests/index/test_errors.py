"""An error is told on one line."""

from __future__ import annotations

import pytest

from index.errors import KBError


@pytest.mark.parametrize(
    ("problem", "remedy", "told"),
    [
        ("'a' is empty", "", "'a' is empty."),
        ("'a' is empty", "write something", "'a' is empty. write something."),
        ("'a' is empty. write something.", "", "'a' is empty. write something."),
        ("'a' is\n empty.", "look at\tit.", "'a' is empty. look at it."),
    ],
)
def test_an_error_is_one_line_with_one_full_stop(problem: str, remedy: str, told: str) -> None:
    assert str(KBError(problem, remedy)) == told
