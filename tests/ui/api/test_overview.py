"""What all articles tell together, over HTTP: duplicates, and how many there are of each day."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui.api.test_questions import problem
from ui.api import contracts

STORY = " ".join(f"Sentence {n} of the agency's story about otters and ferries." for n in range(30))


def test_duplicates_are_listed_page_by_page(client: Any) -> None:
    assert client.get("/api/v1/duplicates").json() == {"stories": [], "total": 0, "next": None}
    for story in "ab":
        for paper in ("post", "wire"):
            text = STORY.replace("otters", f"{story} beavers")
            body = {"title": f"Story {story}", "text": text if story == "a" else text[::-1]}
            client.put(f"/api/v1/articles/{story}-{paper}", json=body)
    first = client.get("/api/v1/duplicates", params={"limit": 1}).json()
    contracts.Stories.model_validate(first)
    second = client.get("/api/v1/duplicates", params={"limit": 1, "after": first["next"]}).json()
    assert (first["total"], second["next"]) == (2, None)
    found = [
        {one["id"] for one in story["articles"]} for story in first["stories"] + second["stories"]
    ]
    assert sorted(map(sorted, found)) == [["a-post", "a-wire"], ["b-post", "b-wire"]]
    assert problem(client.get("/api/v1/duplicates", params={"after": "%%%"}), 422)


@pytest.mark.parametrize(
    ("wanted", "shares"),
    [
        ({}, [("2024-03-05", "Sample Post", 1), (None, None, 1)]),
        ({"unit": "month"}, [("2024-03", "Sample Post", 1), (None, None, 1)]),
        ({"unit": "year", "source": "sample post"}, [("2024", "Sample Post", 1)]),
        ({"text": "otters"}, [(None, None, 1)]),
        ({"since": "2024-03-06"}, []),
    ],
)
def test_articles_are_counted_by_period_and_source(
    client: Any, wanted: dict[str, str], shares: list[tuple[str | None, str | None, int]]
) -> None:
    told = client.get("/api/v1/timeline", params=wanted).json()
    contracts.Timeline.model_validate(told)
    assert told["unit"] == wanted.get("unit", "day")
    found = [(one["period"], one["source"], one["articles"]) for one in told["shares"]]
    assert found == shares


def test_more_counts_than_anybody_reads_are_refused(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.timeline._SHARES_AT_MOST", 1)
    told = problem(client.get("/api/v1/timeline", params={"unit": "day"}), 422)
    assert "2 counts" in told
    assert client.get("/api/v1/timeline").status_code == 200, "what fits is always told"


@pytest.mark.parametrize("wanted", [{"unit": "week"}, {"since": "soon"}])
def test_what_no_count_can_be_of_is_told(client: Any, wanted: dict[str, str]) -> None:
    assert problem(client.get("/api/v1/timeline", params=wanted), 422)
