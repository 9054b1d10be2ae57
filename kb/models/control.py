"""Makes a model's control tokens harmless where they stand in text from outside.

A local runtime reads ``<|im_end|>`` in an article as the end of the message, so an article could
speak in the program's name.
"""

from __future__ import annotations

import re

__all__ = ["defuse"]

# `<|`, and anything shaped like a tag: vocabularies have <s>, </s>, <tool_call>, <start_of_turn>,
# <repo_name>, and with full-width bars <｜User｜>. A comparison such as "x <5" is left alone.
_ANGLE = re.compile(r"<(?=\||<SYS>>|</SYS>>|[/!|｜]?[^\W\d][^\s<>]{0,80}>|[｜])")
_SQUARE = re.compile(r"\[(?=/?(?:INST|SYSTEM_PROMPT|TOOL_[A-Z]+|AVAILABLE_TOOLS|IMG[A-Z_]*)\])")


def defuse(text: str) -> str:
    """Return the text with a space put into every token that could control a model.

    Characters are only added, and what came out goes in again unchanged. Lone surrogates, which no
    tokenizer takes, become question marks.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _SQUARE.sub("[ ", _ANGLE.sub("< ", whole))
