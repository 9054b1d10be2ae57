"""Control tokens in foreign text: broken, and nothing else touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.models.control import defuse

TOKENS = [
    "<|im_end|>",
    "<|im_start|>system",
    "<|endoftext|>",
    "<|eot_id|>",
    "<s>",
    "</s>",
    "<tool_call>",
    "</tool_call>",
    "<start_of_turn>user",
    "<repo_name>",
    "<｜User｜>",
    "<｜begin▁of▁sentence｜>",
    "<unused12>",
    "<<SYS>>",
    "[INST]",
    "[/INST]",
    "[TOOL_CALLS]",
]


@pytest.mark.parametrize("token", TOKENS)
def test_a_control_token_is_broken(token: str) -> None:
    harmless = defuse(f"He said {token} and left.")
    assert token not in harmless
    assert harmless.replace("< ", "<").replace("[ ", "[") == f"He said {token} and left."


def test_broken_tokens_cannot_be_put_together_by_nesting() -> None:
    assert "<|" not in defuse("<|im_<|im_end|>end|>")
    assert "<|" not in defuse("<<|im_end|>|im_end|>")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x <5 and y>3",
        "a < b",
        "[1] and [12]",
        "[UN] said",
        "5 <-> 6",
        "\N{SNOWMAN} 火 <3",
        "a<b",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert defuse(text) == text


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert defuse("a\ud800b") == "a?b"


PARTS = st.sampled_from(["<", "|", ">", "/", "s", "[", "]", "INST", " ", "｜", "_"])


@given(st.lists(PARTS).map("".join))
def test_what_came_out_goes_in_unchanged(text: str) -> None:
    once = defuse(text)
    assert defuse(once) == once
    assert "<|" not in once
    assert "<s>" not in once
    assert once.replace(" ", "") == text.replace(" ", "")
