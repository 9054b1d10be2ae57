"""A question as an argument, or from standard input."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

__all__ = ["Question", "read_question"]

Question = Annotated[
    str, typer.Argument(metavar="QUESTION", help="In plain words; - reads it from standard input.")
]


def read_question(argument: str) -> str:
    """Return the question; bytes that were no UTF-8 come as replacement characters."""
    text = sys.stdin.read().strip() if argument == "-" else argument
    return text.encode("utf-8", "replace").decode("utf-8")
