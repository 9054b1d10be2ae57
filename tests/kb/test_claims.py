"""What of a text is a claim, and where its sentences stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.claims import claims

SAID = "The bridge was closed."


def said(text: str) -> list[str]:
    return [claim.says for claim in claims(text) if claim.says]


@pytest.mark.parametrize(
    "text",
    [
        "The bridge was closed.",
        "  The bridge was closed.\r\n",
        "The bridge was closed [3].",
        "The bridge was closed.[3][4]",
        "The bridge was closed. [1, 2]",
        "The bridge was closed [1-3].",
        "The bridge was closed 【2】.",
        "The bridge was closed[^note].",
        "The bridge was closed.²",
        "The bridge was closed (Smith 2020).",
        "The bridge was closed (Smith et al., 2020a; Novák 2019).",
        "The bridge was closed (see Smith & Novák, 2020, p. 4).",
        "- The bridge was closed.",
        "12. The bridge was closed.",
        "> The bridge was closed.",
        "- [x] The bridge was closed.",
        "The **bridge** was _closed_.",
        "The `bridge` was [closed](https://example.org/a_b).",
        "The <b>bridge</b> was ~~closed~~.",
        "![a picture](x.png) The bridge was closed.",
        "# Costs\n\nThe bridge was closed.",
        "Costs and repairs\n\nThe bridge was closed.",
        "Costs and repairs\n=================\nThe bridge was closed.",
        "---\ntitle: The bridge is open\n---\nThe bridge was closed.",
        "```\nThe bridge is open here.\n```\nThe bridge was closed.",
        "The bridge was closed.\n~~~ py\nx = 'the bridge is open'\n",
        "Hello there, dear reader! The bridge was closed. Why was it closed?",
        "The bridge was closed. “Is the bridge closed?” Thanks for reading this text.",
        "The bridge was closed.\n\n## References\n\nSmith. Bridges of Moravia.\n- Novák, Cracks.",
        "The bridge was closed.\n[1]: https://example.org\n[2] Novák, Cracks in bridges.",
        "The bridge was closed.\n|---|---|\n* * *\n[3]\nNo.",
    ],
)
def test_markup_references_and_what_claims_nothing_are_left_out(text: str) -> None:
    assert said(text) == [SAID]


def test_what_only_looks_like_them_stays() -> None:
    assert said("It was -5 degrees cold.") == ["It was -5 degrees cold."]
    assert said("The repair begins (May 2024).") == ["The repair begins (May 2024)."]
    assert said("The pier of 14 km² cracked.") == ["The pier of 14 km² cracked."]
    assert said('He asked: "Why was it closed?"') == ['He asked: "Why was it closed?"']
    assert said("The bridge was closed") == ["The bridge was closed"]
    assert said("- The bridge was closed\n- It has cracks") == [
        "The bridge was closed",
        "It has cracks",
    ]
    assert said("| 31 otters | were counted |") == ["31 otters were counted"]
    assert said("水獭于1987年在河边被发现。") == ["水獭于1987年在河边被发现。"]


def test_a_marker_belongs_to_the_sentence_before_it() -> None:
    text = "One bridge closed. [1] [2] Two bridges closed. [3]"
    assert [text[one.start : one.end] for one in claims(text)] == [
        "One bridge closed. [1] [2]",
        "Two bridges closed. [3]",
    ]


MARKDOWN = st.text(
    st.sampled_from("ab A.?!\n\r\t#>-*_`~|[]()1²23^:“”\"'—é水\u2028\ud800"), max_size=120
)


@given(st.one_of(MARKDOWN, st.text(max_size=120)))
def test_every_character_but_white_space_lies_in_one_sentence(text: str) -> None:
    at = 0
    for one in claims(text):
        assert not text[at : one.start].strip()
        assert one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() == text[one.start : one.end]
        assert one.says == " ".join(one.says.split())
        assert one.says.isprintable()
        at = one.end
    assert not text[at:].strip()
