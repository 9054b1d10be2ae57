"""A plan accounts for every document once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.plan import plan

STAMPS = st.dictionaries(st.text("abcd", min_size=1, max_size=2), st.sampled_from(["", "x", "y"]))


@given(STAMPS, STAMPS)
def test_a_plan_accounts_for_every_document_once(
    listed: dict[str, str], known: dict[str, str]
) -> None:
    made = plan(listed, known)
    assert {*made.read, *made.keep} == set(listed)
    assert set(made.gone) == set(known) - set(listed)
    assert all(listed[at] == known[at] != "" for at in made.keep)
    assert all(not listed[at] or listed[at] != known.get(at) for at in made.read)
    assert len(made.read) + len(made.keep) == len(listed)
