"""What fuzzing found once stays found: each kept case is an article or a ``ReadError`` again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.reading import check, read, spelled

CASES = Path(__file__).parents[2] / "fuzz" / "cases"


@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_a_case_that_fuzzing_found_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    assert len(data) < 10_000
    found = read(data, f".{path.parent.name}")
    check(found)
    assert spelled(found) == spelled(read(data, f".{path.parent.name}"))
