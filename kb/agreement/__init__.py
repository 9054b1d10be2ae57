"""In what a sentence and its source must agree: names, figures, days, polarity, firmness; words."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Agreement"]


class Agreement(IntEnum):
    """Whether the source says the same in one respect."""

    NO = 0
    """It says something else, or does not say it."""

    PARTLY = 1
    """It says less, or less firmly, or where it says it cannot be told."""

    YES = 2
    """Nothing differs."""
